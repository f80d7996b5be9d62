// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.http.HttpTarget;
import dev.varve.jdbc.http.HttpTransport;
import dev.varve.jdbc.wire.EmbeddedEngine;
import dev.varve.jdbc.wire.Transport;
import java.sql.Connection;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import java.util.ServiceLoader;

/// Opens connections of both kinds.
public final class Connections {
  public static final int MAJOR_VERSION = 0;
  public static final int MINOR_VERSION = 1;

  private static final int CONNECT_MILLIS = 10_000;

  private Connections() {}

  /// @throws SQLException 08001 where nobody answers, 28000 for wrong credentials
  public static Connection open(VarveUrl url) throws SQLException {
    Transport transport = url.isRemote() ? remote(url) : embedded(url);
    VarveConnection connection = new VarveConnection(url, transport);
    try {
      transport.networkTimeout(url.millis("socketTimeout", 0));
      if (url.isRemote()) {
        // Nothing has been sent yet: a wrong password should be told now, not at the first query.
        connection.ping();
      }
    } catch (SQLException | RuntimeException e) {
      transport.close();
      throw e;
    }
    return connection;
  }

  private static Transport remote(VarveUrl url) throws SQLException {
    return new HttpTransport(
        new HttpTarget(
            url.hosts(),
            url.tls(),
            url.packs(),
            url.user(),
            url.password(),
            url.millis("connectTimeout", CONNECT_MILLIS),
            url.settings()));
  }

  private static Transport embedded(VarveUrl url) throws SQLException {
    EmbeddedEngine engine = find(Thread.currentThread().getContextClassLoader());
    if (engine == null) {
      engine = find(Connections.class.getClassLoader());
    }
    if (engine == null) {
      throw new SQLNonTransientConnectionException(
          "no engine on the class path for "
              + url
              + "; put varve.jar there instead of varve-jdbc.jar, or name a server with"
              + " jdbc:varve://host:port/database",
          "08001");
    }
    return engine.open(url.location(), url.user(), url.database());
  }

  private static EmbeddedEngine find(ClassLoader loader) {
    return ServiceLoader.load(EmbeddedEngine.class, loader).findFirst().orElse(null);
  }

  /// The properties that a tool may offer to its user.
  public static DriverPropertyInfo[] properties(Properties given) {
    DriverPropertyInfo[] all = new DriverPropertyInfo[VarveUrl.OPTIONS.size()];
    for (int i = 0; i < all.length; i++) {
      String name = VarveUrl.OPTIONS.get(i);
      all[i] = new DriverPropertyInfo(name, given.getProperty(name));
      all[i].description = description(name);
      if (name.equals("ssl")) {
        all[i].choices = new String[] {"false", "true"};
      }
    }
    return all;
  }

  private static String description(String name) {
    switch (name) {
      case "user":
        return "Name of the user";
      case "password":
        return "Password of the user";
      case "database":
        return "Database for names without one";
      case "ssl":
        return "Whether to use TLS";
      case "compression":
        return "lz4, none, or auto: lz4 where the server is on another machine";
      case "sslRootCert":
        return "PEM file of certificates that are believed, in place of the JVM's";
      case "trustStore":
        return "PKCS#12 or JKS file of certificates that are believed";
      case "trustStorePassword":
        return "Password of the trust store";
      case "connectTimeout":
        return "Milliseconds to wait for a connection";
      default:
        return "Milliseconds to wait for the server to say something; 0 waits for ever";
    }
  }
}
