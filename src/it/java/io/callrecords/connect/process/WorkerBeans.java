package io.callrecords.connect.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The JMX beans of another process, as a monitoring agent sees them. */
final class WorkerBeans implements AutoCloseable {
  private final JMXConnector connector;
  private final MBeanServerConnection server;

  private WorkerBeans(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.server = connector.getMBeanServerConnection();
  }

  /**
   * Connects.
   *
   * @param process the number of a process of this user
   */
  static WorkerBeans of(long process) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(process));
      try {
        String address = machine.startLocalManagementAgent();
        return new WorkerBeans(connect(address));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | IOException e) {
      throw new IllegalStateException("Could not look into process " + process, e);
    }
  }

  // The address is that of a process which the test has started.
  @SuppressWarnings("BanJNDI")
  private static JMXConnector connect(String address) throws IOException {
    return JMXConnectorFactory.connect(new JMXServiceURL(address));
  }

  /**
   * A bean with the metrics of a task.
   *
   * @param implementation the class behind it
   * @param values its attributes
   */
  record TaskBean(String implementation, Map<String, Number> values) {
    /** A counter's value; none once its task is about to end. */
    OptionalLong count(String metric) {
      Number value = values.get(metric);
      return value == null ? OptionalLong.empty() : OptionalLong.of(value.longValue());
    }
  }

  /** The beans of a connector's tasks, by the name that the documentation gives them. */
  List<TaskBean> tasks(String connectorName) {
    try {
      Set<ObjectName> names =
          server.queryNames(
              new ObjectName("kafka.connect:type=plugins,connector=" + connectorName + ",task=*"),
              null);
      return names.stream().sorted().flatMap(name -> read(name).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JMException e) {
      throw new IllegalArgumentException(connectorName, e);
    }
  }

  private Optional<TaskBean> read(ObjectName name) {
    try {
      var info = server.getMBeanInfo(name);
      String[] attributes =
          List.of(info.getAttributes()).stream()
              .map(MBeanAttributeInfo::getName)
              .toArray(String[]::new);
      Map<String, Number> values = new TreeMap<>();
      for (Attribute attribute : server.getAttributes(name, attributes).asList()) {
        values.put(attribute.getName(), (Number) attribute.getValue());
      }
      return Optional.of(new TaskBean(info.getClassName(), values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InstanceNotFoundException e) {
      // Its task has ended meanwhile.
      return Optional.empty();
    } catch (JMException e) {
      throw new IllegalStateException("Could not read " + name, e);
    }
  }

  /** The JDK as the process itself names it: version and vendor. */
  String jdk() {
    Map<String, String> properties = systemProperties();
    return properties.get("java.runtime.version") + " (" + properties.get("java.vendor") + ")";
  }

  private Map<String, String> systemProperties() {
    try {
      return ManagementFactory.newPlatformMXBeanProxy(
              server, ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class)
          .getSystemProperties();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
