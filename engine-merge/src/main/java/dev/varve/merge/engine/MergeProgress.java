// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.TableName;
import java.util.List;

/// A running merge as `system.merges` shows it.
///
/// @param rowsRead rows of the inputs that are merged
/// @param totalRows rows of all inputs
/// @param totalBytes bytes of all inputs on disk
public record MergeProgress(
    TableName table,
    String partition,
    List<String> sourceParts,
    String resultPart,
    long rowsRead,
    long totalRows,
    long totalBytes,
    long startedMillis) {}
