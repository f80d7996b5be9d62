// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.util.List;

/// Rows as columns. Those from a frame read the frame's bytes in place and go with it.
public record ColumnBatch(int rows, List<Column> columns) {}
