// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockDirectory;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.StatsTable;

/// A column of a part on disk: what it is, where its blocks lie, what is known of its granules.
///
/// @param file number of the file that holds its blocks
/// @param plainBytes bytes of its rows before encoding
record StoredColumn(
    ColumnDefinition definition,
    int file,
    long plainBytes,
    BlockDirectory blocks,
    StatsTable stats) {}
