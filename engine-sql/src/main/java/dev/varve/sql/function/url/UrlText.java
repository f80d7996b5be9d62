// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.url;

import java.util.Set;

/// The pieces of a URL, found without checking the rest of it. What a URL lacks is empty.
final class UrlText {
  // Second levels below which names are registered, as in "co.uk".
  private static final Set<String> SECOND_LEVELS =
      Set.of("com", "net", "org", "co", "gov", "edu", "ac");

  private UrlText() {}

  static String protocol(String url) {
    int i = 0;
    while (i < url.length() && isSchemeCharacter(url.charAt(i))) {
      i++;
    }
    return i > 0 && url.startsWith(":", i) ? url.substring(0, i) : "";
  }

  private static boolean isSchemeCharacter(char c) {
    return c < 128 && Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
  }

  /// Where what follows the scheme and `//` begins, or 0.
  static int authority(String url) {
    if (url.startsWith("//")) {
      return 2;
    }
    int scheme = protocol(url).length();
    return scheme > 0 && url.startsWith("://", scheme) ? scheme + 3 : 0;
  }

  /// The host without user and port; empty where it has no dot or a character that hosts lack.
  static String host(String url) {
    int start = authority(url);
    boolean dot = false;
    int end = start;
    for (; end < url.length(); end++) {
      char c = url.charAt(end);
      if (c == '/' || c == '?' || c == '#' || c == ':') {
        break;
      }
      if (c == '@') {
        start = end + 1;
        dot = false;
      } else if (c == '.') {
        if (end == start || end + 1 < url.length() && url.charAt(end + 1) == '.') {
          return "";
        }
        dot = true;
      } else if (c <= ' ' || "\t;<>\\^`{|}~%".indexOf(c) >= 0) {
        return "";
      }
    }
    return dot && end > start && url.charAt(end - 1) != '.' ? url.substring(start, end) : "";
  }

  /// As [#host], but for what RFC 3986 calls a host: without a dot too, after a colon of a user.
  static String rfcHost(String url) {
    int start = authority(url);
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    String host = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":[0-9]*$", "");
    return host.matches("[\\w.~-]*\\.[\\w.~-]+|\\[[0-9a-fA-F:.]+\\]") ? host : "";
  }

  static String withoutWww(String host) {
    return host.startsWith("www.") ? host.substring(4) : host;
  }

  static String topLevel(String host) {
    String top = host.substring(host.lastIndexOf('.') + 1);
    return top.isEmpty() || Character.isDigit(top.charAt(0)) ? "" : top;
  }

  /// The label below the registry's: `yandex` of `news.yandex.com.tr`.
  static String significant(String host) {
    String[] labels = host.split("\\.");
    int index = significantIndex(labels);
    return host.isEmpty() ? "" : labels[index];
  }

  private static int significantIndex(String[] labels) {
    int last = labels.length - 1;
    return last >= 2 && SECOND_LEVELS.contains(labels[last - 1]) ? last - 2 : Math.max(0, last - 1);
  }

  /// From the significant label on: `yandex.com.tr`.
  static String fromSignificant(String host) {
    if (host.isEmpty()) {
      return "";
    }
    String[] labels = host.split("\\.");
    int index = significantIndex(labels);
    return String.join(".", java.util.Arrays.copyOfRange(labels, index, labels.length));
  }

  /// Where the path begins: the first slash behind the host, or -1.
  static int pathStart(String url) {
    int at = authority(url);
    return at == 0 && !url.startsWith("/") ? -1 : url.indexOf('/', at);
  }

  static int cut(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  static String path(String url) {
    String full = pathFull(url);
    return full.substring(0, cut(full, "?#"));
  }

  static String pathFull(String url) {
    int at = pathStart(url);
    return at < 0 ? "" : url.substring(at);
  }

  /// Between question mark and hash sign.
  static String query(String url) {
    int at = url.indexOf('?');
    return at < 0 ? "" : url.substring(at + 1, at + 1 + cut(url.substring(at + 1), "#"));
  }

  static String fragment(String url) {
    int at = url.indexOf('#');
    return at < 0 ? "" : url.substring(at + 1);
  }
}
