/**
 * An API of call records as its vendor most likely built it, with nothing of the connector or of
 * the simulator in it: Spring Boot, and pages by MyBatis-Plus from a real database.
 */
package io.callrecords.backend;
