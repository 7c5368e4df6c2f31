package io.callrecords.backend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks an interface whose queries stand in an XML file of MyBatis. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface FromXml {}
