(function () {
  "use strict";
  var route = {
    title: "Privacy and the Tallis Tag",
    lead: "Last edited on 17 April 2026. If we edit it again, the new text is put up here and the date above is moved on. Have a look now and then.",
    blocks: [
      ["Where the tag is", [
        "The tag holds a GPS chip and a mobile radio. Every three minutes while your pet is on the move it works out where it is and sends that place to us. At rest, it sleeps. It cannot hear or see.",
        "A pet often is where its owner is. So please think of the map as a record of you, too."
      ]],
      ["What we gather", [
        "We gather places and times, so that you can see the walk on a map and get an alarm when your pet leaves the garden. We ask for your mail address to send that alarm to, and to let you log in. We note the breed and the weight of your pet and use them to guess how far it ought to walk."
      ]],
      ["Who else gets it", [
        "A mobile network carries the messages of the tag. A map service draws the streets and is told which square of the map you look at. A hosting firm stores the walks. None of them is told who you are. We do not sell data and do not place ads."
      ]],
      ["What you can switch off", [
        "Open the app and tap the paw, then Lost Pet Circle. While it is on, other owners near you are shown a pet that you have marked as lost. Switch it off if you do not want that. You then still have your own map and alarm.",
        "Breed and weight can be left empty."
      ]],
      ["How long it stays", [
        "Walks are wiped after 40 days. Your mail address and what you told us of your pet are held for as long as we need them."
      ]],
      ["Wiping it sooner", [
        "Touch a walk for two seconds and choose the broom. The walk is swept from our servers within the hour. To have everything swept, mail us from the address of your account, and we will see to it within two weeks."
      ]],
      ["Talk to us", [
        "Mail to paws@wayfinder-pets.example, with \"privacy\" as the subject. We read it each working day."
      ]]
    ]
  };
  function el(name, text) {
    var e = document.createElement(name);
    if (text) { e.appendChild(document.createTextNode(text)); }
    return e;
  }
  var app = document.getElementById("app");
  document.title = route.title + " | " + document.title;
  var main = el("main");
  main.appendChild(el("h1", route.title));
  main.appendChild(el("p", route.lead));
  route.blocks.forEach(function (b) {
    main.appendChild(el("h2", b[0]));
    b[1].forEach(function (t) { main.appendChild(el("p", t)); });
  });
  var back = el("a", "Back to the tag");
  back.href = "index.html";
  main.appendChild(back);
  app.appendChild(main);
}());
