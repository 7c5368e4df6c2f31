package io.callrecords.connect.metrics;

import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics as attributes of a JMX bean, which has the name that newer workers give theirs. */
final class JmxMetrics implements TaskMetrics, DynamicMBean {
  private static final Logger LOG = LoggerFactory.getLogger(JmxMetrics.class);

  /** Whose bean stands under a name: a task that was given up may end after its successor began. */
  private static final Map<ObjectName, JmxMetrics> OWNERS = new HashMap<>();

  /** Kafka quotes what has other characters in the names of its own beans. */
  private static final Pattern PLAIN = Pattern.compile("[\\w-%\\. \t]*");

  private final ObjectName name;
  private final List<TaskMetric> metrics;

  private JmxMetrics(ObjectName name, List<TaskMetric> metrics) {
    this.name = name;
    this.metrics = metrics;
  }

  static JmxMetrics publish(Map<String, String> settings, List<TaskMetric> metrics) {
    try {
      JmxMetrics bean = new JmxMetrics(name(settings), metrics);
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      synchronized (OWNERS) {
        if (server.isRegistered(bean.name)) {
          // The worker has given a task up that would not stop.
          server.unregisterMBean(bean.name);
        }
        server.registerMBean(bean, bean.name);
        OWNERS.put(bean.name, bean);
      }
      return bean;
    } catch (JMException e) {
      throw new IllegalStateException("The task's JMX bean cannot be registered", e);
    }
  }

  private static ObjectName name(Map<String, String> settings) throws JMException {
    return new ObjectName(
        "kafka.connect:type=plugins,connector="
            + quoted(settings.getOrDefault("name", ""))
            + ",task="
            + settings.getOrDefault(CallRecordSourceTaskConfig.TASK_INDEX, "0"));
  }

  private static String quoted(String name) {
    return PLAIN.matcher(name).matches() ? name : ObjectName.quote(name);
  }

  @Override
  public void close() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      synchronized (OWNERS) {
        if (OWNERS.remove(name, this) && server.isRegistered(name)) {
          server.unregisterMBean(name);
        }
      }
    } catch (JMException e) {
      LOG.warn("The task's JMX bean could not be removed.", e);
    }
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    return metrics.stream()
        .filter(metric -> metric.name().equals(attribute))
        .findFirst()
        .orElseThrow(() -> new AttributeNotFoundException(attribute))
        .value()
        .get();
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList values = new AttributeList();
    for (String attribute : attributes) {
      metrics.stream()
          .filter(metric -> metric.name().equals(attribute))
          .forEach(metric -> values.add(new Attribute(attribute, metric.value().get())));
    }
    return values;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String action, Object[] parameters, String[] signature) {
    throw new UnsupportedOperationException(action);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes =
        metrics.stream()
            .map(
                metric ->
                    new MBeanAttributeInfo(
                        metric.name(),
                        Number.class.getName(),
                        metric.description() + " (" + metric.unit() + ")",
                        true,
                        false,
                        false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(
        getClass().getName(), "A task of the call records source", attributes, null, null, null);
  }
}
