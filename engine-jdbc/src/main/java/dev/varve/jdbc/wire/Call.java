// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// One statement on its way to the engine.
///
/// @param describe only columns and the number of parameters are wanted; nothing runs
/// @param parameters values of `?` in order, of the classes that [Parameters] names
/// @param rows the rows of an `INSERT … FORMAT`, or null
/// @param queryId the name by which the statement can be cancelled
/// @param database the database for names without one, empty for the session's own
/// @param settings settings for this statement only
public record Call(
    boolean describe,
    String sql,
    List<Object> parameters,
    InputStream rows,
    String queryId,
    String database,
    Map<String, String> settings) {}
