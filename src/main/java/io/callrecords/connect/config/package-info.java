/** The settings of the connector, and the option records that are handed to the stages. */
@NullMarked
package io.callrecords.connect.config;

import org.jspecify.annotations.NullMarked;
