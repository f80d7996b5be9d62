// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.SQLException;

/// What `prepareCall` gives: a prepared statement. There are no stored procedures and so no output
/// parameters; tools that prepare every statement this way work nevertheless.
final class VarveCallableStatement extends VarvePreparedStatement
    implements NoOutputParameters, NoNamedParameters, NoNamedOutputs {
  VarveCallableStatement(VarveConnection connection, String sql) throws SQLException {
    super(connection, sql);
  }
}
