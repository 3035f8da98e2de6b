// Start Elasticsearch 1.5 on a Java newer than 8. It asks the virtual machine for its boot class path, which
// there is none of any more: the question alone would end it. Here it is answered with "", and everything else
// by the machine itself. Groovy is what Elasticsearch brings for its scripts.
import java.lang.management.ManagementFactory
import java.lang.management.RuntimeMXBean
import java.lang.reflect.InvocationHandler
import java.lang.reflect.Method
import java.lang.reflect.Proxy

def real = ManagementFactory.runtimeMXBean
def told = { proxy, Method asked, arguments ->
    asked.name == 'getBootClassPath' ? '' : asked.invoke(real, arguments)
} as InvocationHandler
def unsafe = Class.forName('sun.misc.Unsafe').getDeclaredField('theUnsafe')
unsafe.accessible = true
unsafe = unsafe.get(null)
def place = Class.forName('sun.management.ManagementFactoryHelper').getDeclaredField('runtimeMBean')
def bean = Proxy.newProxyInstance(ClassLoader.systemClassLoader, [RuntimeMXBean] as Class[], told)
unsafe.putObject(unsafe.staticFieldBase(place), unsafe.staticFieldOffset(place), bean)
org.elasticsearch.bootstrap.Elasticsearch.main(args)
