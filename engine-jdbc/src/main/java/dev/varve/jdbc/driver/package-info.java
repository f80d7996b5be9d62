// SPDX-License-Identifier: Apache-2.0
/// `java.sql` over the wire: connections, statements, results, metadata, and the conversions
/// between the types of Varve and those of Java.
package dev.varve.jdbc.driver;
