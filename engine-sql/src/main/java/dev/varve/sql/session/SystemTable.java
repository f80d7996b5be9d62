// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.List;

/// A table of the `system` database whose rows are made when it is read.
public interface SystemTable {
  String name();

  List<ResultColumn> columns();

  /// The rows now, as the objects that `VectorValues` names.
  List<List<Object>> rows();
}
