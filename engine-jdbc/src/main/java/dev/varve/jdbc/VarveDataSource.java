// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.jdbc.driver.Connections;
import dev.varve.jdbc.driver.VarveUrl;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/// Connections to one URL, for containers and pools that want a bean. Set it up in one thread; then
/// it is safe for all.
public final class VarveDataSource implements DataSource {
  private final Properties properties = new Properties();
  private String url = "jdbc:varve://127.0.0.1:8123/default";
  private PrintWriter logWriter;
  private int loginSeconds;

  public String getUrl() {
    return url;
  }

  public void setUrl(String url) {
    this.url = url;
  }

  public String getUser() {
    return properties.getProperty("user", "");
  }

  public void setUser(String user) {
    properties.setProperty("user", user);
  }

  public void setPassword(String password) {
    properties.setProperty("password", password);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return open(properties);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Properties own = new Properties();
    own.putAll(properties);
    own.setProperty("user", user);
    own.setProperty("password", password);
    return open(own);
  }

  private Connection open(Properties own) throws SQLException {
    Properties all = new Properties();
    all.putAll(own);
    if (loginSeconds > 0) {
      all.setProperty("connectTimeout", Long.toString(loginSeconds * 1000L));
    }
    return Connections.open(VarveUrl.parse(url, all));
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  @Override
  public void setLoginTimeout(int seconds) {
    loginSeconds = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginSeconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("the driver does not log", "0A000");
  }

  @Override
  public <T> T unwrap(Class<T> wanted) throws SQLException {
    if (!wanted.isInstance(this)) {
      throw new SQLException("not a wrapper of " + wanted.getName(), "HY000");
    }
    return wanted.cast(this);
  }

  @Override
  public boolean isWrapperFor(Class<?> wanted) {
    return wanted.isInstance(this);
  }
}
