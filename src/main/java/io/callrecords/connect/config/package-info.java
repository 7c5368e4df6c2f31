/** The configuration of the connector, and the option records that the other packages take. */
@NullMarked
package io.callrecords.connect.config;

import org.jspecify.annotations.NullMarked;
