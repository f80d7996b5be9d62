// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.jdbc.driver.Connections;
import dev.varve.jdbc.driver.VarveUrl;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;

/// The JDBC driver of Varve: `jdbc:varve://host:port/database` for a server, `jdbc:varve:DIRECTORY`
/// and `jdbc:varve:mem:` for an engine in this process.
public final class VarveDriver implements Driver {
  static {
    try {
      DriverManager.registerDriver(new VarveDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    // A null tells DriverManager to ask the next driver; an exception would end its search.
    return acceptsURL(url) ? Connections.open(VarveUrl.parse(url, info)) : null;
  }

  @Override
  public boolean acceptsURL(String url) {
    return VarveUrl.isOurs(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return Connections.properties(info == null ? new Properties() : info);
  }

  @Override
  public int getMajorVersion() {
    return Connections.MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return Connections.MINOR_VERSION;
  }

  @Override
  public boolean jdbcCompliant() {
    // Compliance asks for transactions that span statements.
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("the driver does not log", "0A000");
  }
}
