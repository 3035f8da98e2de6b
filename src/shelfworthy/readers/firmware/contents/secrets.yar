// Where a secret may begin. What is found here is read by `secrets.py` and `tokens.py`, and is a secret only
// if it can be read as one. One pass over all of a file, whatever it is.

rule pem { strings: $a = /-----BEGIN [A-Z0-9 ]{0,26}(PRIVATE KEY|CERTIFICATE)-----/ condition: $a }
rule aws { strings: $a = /A(KIA|SIA)[A-Z2-7]{16}/ condition: $a }
rule github { strings: $a = /gh[pousr]_[0-9A-Za-z]{36}/ condition: $a }
rule github_fine { strings: $a = /github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}/ condition: $a }
rule slack { strings: $a = /xox[abprs]-[0-9]{9,14}-[0-9]{9,14}-[0-9A-Za-z-]{20,80}/ condition: $a }
rule slack_hook { strings: $a = /hooks\.slack\.com\/services\/T[0-9A-Z]{7,12}\/B[0-9A-Z]{7,12}\/[0-9A-Za-z]{20,30}/ condition: $a }
rule google { strings: $a = /AIza[0-9A-Za-z_-]{35}/ condition: $a }
rule stripe { strings: $a = /(sk|rk)_live_[0-9A-Za-z]{24,99}/ condition: $a }
rule jwt { strings: $a = /eyJ[0-9A-Za-z_-]{10,600}\.eyJ[0-9A-Za-z_-]{10,1200}\.[0-9A-Za-z_-]{16,800}/ condition: $a }
rule azure_hub { strings: $a = /HostName=[0-9A-Za-z.-]{4,120};(DeviceId|SharedAccessKeyName)=[!-:<-~]{1,128};SharedAccessKey=[0-9A-Za-z+\/]{43}=/ condition: $a }
rule azure_storage { strings: $a = /AccountKey=[0-9A-Za-z+\/]{86}==/ condition: $a }
rule url_password { strings: $a = /(https?|ftp|mqtts?|rtsp|mongodb|amqps?|wss?):\/\/[0-9A-Za-z._%+-]{1,64}:[!-.0-?A-~]{1,64}@[0-9A-Za-z.\[-]{4,200}/ condition: $a }
rule esp_station { strings: $a = "sta.pswd\x00" condition: $a }
