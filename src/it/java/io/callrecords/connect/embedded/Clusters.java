package io.callrecords.connect.embedded;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands test classes their {@link ConnectCluster}: each kind is started when first asked for, is
 * shared by all classes of this JVM, and stops after the last.
 */
final class Clusters implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Clusters.class);

  /** Marks a test class whose workers commit records and offsets in one transaction. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface ExactlyOnce {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ConnectCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    boolean exactlyOnce = context.getRequiredTestClass().isAnnotationPresent(ExactlyOnce.class);
    // Not the root's: each class is a run of its own where several JVMs share the classes.
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(exactlyOnce, ConnectCluster::start, ConnectCluster.class);
  }
}
