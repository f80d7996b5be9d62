// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.http.Trust;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLContext;

/// A JDBC URL of ours, with the properties that came beside it.
///
/// `jdbc:varve://host[:port][,host[:port]…]/database?name=value&…` is a remote engine,
/// `jdbc:varve:DIRECTORY` and `jdbc:varve:mem:` are engines in this process. Properties in the URL
/// win over those beside it. Names that the driver does not know are settings of the session.
///
/// @param hosts empty for an engine in this process
/// @param location directory or `mem:…`, empty for a remote engine
/// @param text the URL as it was given, without secrets
public record VarveUrl(
    String text,
    List<String> hosts,
    String location,
    String database,
    Map<String, String> options,
    Map<String, String> settings) {
  static final String PREFIX = "jdbc:varve:";

  private static final int DEFAULT_PORT = 8123;

  /// Properties that the driver itself understands.
  static final List<String> OPTIONS =
      List.of(
          "user",
          "password",
          "database",
          "compression",
          "ssl",
          "sslRootCert",
          "trustStore",
          "trustStorePassword",
          "connectTimeout",
          "socketTimeout");

  public static boolean isOurs(String url) {
    return url != null && url.startsWith(PREFIX);
  }

  /// @throws SQLException 08001, saying what is wrong with the URL
  public static VarveUrl parse(String url, Properties beside) throws SQLException {
    if (!isOurs(url)) {
      throw wrong(url, "it does not begin with " + PREFIX);
    }
    int question = url.indexOf('?');
    String place = url.substring(PREFIX.length(), question < 0 ? url.length() : question);
    Map<String, String> all = new LinkedHashMap<>();
    if (beside != null) {
      for (String name : beside.stringPropertyNames()) {
        all.put(name, beside.getProperty(name));
      }
    }
    if (question >= 0) {
      readQuery(url, url.substring(question + 1), all);
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : OPTIONS) {
      String value = all.remove(option);
      if (value != null) {
        options.put(option, value);
      }
    }
    String database = options.getOrDefault("database", "");
    List<String> hosts = List.of();
    String location = place;
    if (place.startsWith("//")) {
      location = "";
      int slash = place.indexOf('/', 2);
      hosts = hosts(url, place.substring(2, slash < 0 ? place.length() : slash));
      String path = slash < 0 ? "" : decode(place.substring(slash + 1));
      database = path.isEmpty() ? database : path;
    } else if (place.isEmpty()) {
      throw wrong(url, "it names neither a host nor a directory");
    }
    String shown = url.substring(0, question < 0 ? url.length() : question);
    return new VarveUrl(shown, hosts, location, database, Map.copyOf(options), Map.copyOf(all));
  }

  private static void readQuery(String url, String query, Map<String, String> all)
      throws SQLException {
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        if (pair.isEmpty()) {
          continue;
        }
        throw wrong(url, "\"" + pair + "\" is not of the form name=value");
      }
      all.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
  }

  private static List<String> hosts(String url, String list) throws SQLException {
    List<String> hosts = new ArrayList<>();
    for (String host : list.split(",")) {
      if (host.isEmpty()) {
        throw wrong(url, "it names no host");
      }
      boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
      String withPort = hasPort ? host : host + ":" + DEFAULT_PORT;
      String port = withPort.substring(withPort.lastIndexOf(':') + 1);
      if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
        throw wrong(url, "\"" + port + "\" is not a port");
      }
      hosts.add(withPort);
    }
    return List.copyOf(hosts);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static SQLException wrong(String url, String why) {
    int question = url == null ? -1 : url.indexOf('?');
    String shown = question < 0 ? url : url.substring(0, question);
    return new SQLNonTransientConnectionException(
        "the URL "
            + shown
            + " is not usable: "
            + why
            + "; expected jdbc:varve://host:port/database, jdbc:varve:DIRECTORY or jdbc:varve:mem:",
        "08001");
  }

  boolean isRemote() {
    return !hosts.isEmpty();
  }

  String user() {
    return options.getOrDefault("user", "");
  }

  String password() {
    return options.getOrDefault("password", "");
  }

  /// What the server's certificate is checked by, or null for a connection without TLS.
  SSLContext tls() throws SQLException {
    boolean wanted =
        Boolean.parseBoolean(options.getOrDefault("ssl", "false").toLowerCase(Locale.ROOT));
    return wanted
        ? Trust.of(
            options.getOrDefault("sslRootCert", ""),
            options.getOrDefault("trustStore", ""),
            options.getOrDefault("trustStorePassword", ""))
        : null;
  }

  /// Whether answers may come packed, which pays where the network is slower than unpacking.
  boolean packs() throws SQLException {
    String how = options.getOrDefault("compression", "auto").toLowerCase(Locale.ROOT);
    switch (how) {
      case "auto":
        return !hosts.stream().allMatch(VarveUrl::isThisMachine);
      case "lz4":
        return true;
      case "none":
        return false;
      default:
        throw wrong(text, "compression must be auto, lz4 or none, found \"" + how + "\"");
    }
  }

  private static boolean isThisMachine(String hostPort) {
    String host = hostPort.substring(0, hostPort.lastIndexOf(':'));
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /// A time in milliseconds.
  int millis(String option, int absent) throws SQLException {
    String value = options.get(option);
    if (value == null) {
      return absent;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw wrong(text, option + " must be a number of milliseconds, found \"" + value + "\"");
    }
    return Integer.parseInt(value);
  }

  @Override
  public String toString() {
    return text;
  }
}
