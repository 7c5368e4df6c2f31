/** Has days sent once more. */
@NullMarked
package io.callrecords.cli.replay;

import org.jspecify.annotations.NullMarked;
