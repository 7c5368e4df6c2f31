/** The command line: its main class, and what its commands share. */
@NullMarked
package io.callrecords.cli;

import org.jspecify.annotations.NullMarked;
