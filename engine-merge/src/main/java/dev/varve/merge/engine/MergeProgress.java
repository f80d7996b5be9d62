// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.TableName;
import java.util.List;

/// A running merge as `system.merges` shows it.
///
/// @param rowsRead rows of the inputs that are merged
/// @param totalRows rows of all inputs
/// @param totalBytes bytes of all inputs on disk
/// @param bytesWritten bytes of the result on disk so far
/// @param memoryBytes off-heap memory it holds
/// @param inBackground whether the scheduler chose it, not a user
public record MergeProgress(
    TableName table,
    String partition,
    List<String> sourceParts,
    String resultPart,
    long rowsRead,
    long totalRows,
    long totalBytes,
    long rowsWritten,
    long bytesWritten,
    long memoryBytes,
    boolean inBackground,
    long startedMillis) {}
