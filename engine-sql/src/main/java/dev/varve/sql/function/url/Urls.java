// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.url;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// URLs taken apart (`domain`, `path`, `extractURLParameter`), cut (`cutWWW`) and escaped.
///
/// The significant label of a host is found by a short list of second levels (`com`, `co`, …), not
/// by a list of all registries.
public final class Urls {
  private static final DataType TEXTS = DataTypes.array(DataTypes.STRING);

  private Urls() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(part("protocol", "The protocol.", UrlText::protocol));
    hosts(all, "", UrlText::host);
    hosts(all, "RFC", UrlText::rfcHost);
    all.add(part("netloc", "User, host and port.", Urls::netloc));
    all.add(part("path", "The path, without what follows it.", UrlText::path));
    all.add(part("pathFull", "The path with query and fragment.", UrlText::pathFull));
    all.add(part("queryString", "What stands behind the question mark.", UrlText::query));
    all.add(part("fragment", "What stands behind the hash sign.", UrlText::fragment));
    all.add(part("queryStringAndFragment", "Query and fragment.", Urls::queryAndFragment));
    all.add(part("cutQueryString", "The URL without its query.", Urls::withoutQuery));
    all.add(
        part(
            "cutFragment",
            "The URL without its fragment.",
            url -> url.substring(0, UrlText.cut(url, "#"))));
    all.add(
        part(
            "cutQueryStringAndFragment",
            "The URL up to its path's end.",
            url -> url.substring(0, UrlText.cut(url, "?#"))));
    all.add(part("cutWWW", "The URL with no www. before its host.", Urls::withoutWww));
    all.add(
        part(
            "encodeURLComponent",
            "The text with percent signs for what URLs lack.",
            text -> encode(text, false)));
    all.add(
        part(
            "encodeURLFormComponent",
            "As encodeURLComponent, a plus sign for a space.",
            text -> encode(text, true)));
    all.add(
        part(
            "decodeURLComponent",
            "The text that percent signs stand for.",
            text -> decode(text, false)));
    all.add(
        part(
            "decodeURLFormComponent",
            "As decodeURLComponent, a plus sign is a space.",
            text -> decode(text, true)));
    all.addAll(parameters());
    all.add(port("port"));
    all.add(port("portRFC"));
    all.add(
        list(
            "URLHierarchy",
            "The URL's beginnings, each to a slash or question mark.",
            url -> hierarchy(url, Math.max(0, UrlText.authority(url)), true)));
    all.add(
        list(
            "URLPathHierarchy",
            "As URLHierarchy, of the path alone.",
            url -> hierarchy(UrlText.pathFull(url), 1, false)));
    return all;
  }

  private static void hosts(List<ScalarFunction> all, String ending, UnaryOperator<String> host) {
    all.add(part("domain" + ending, "The host.", host));
    all.add(
        part(
            "domainWithoutWWW" + ending,
            "The host with no www. before it.",
            url -> UrlText.withoutWww(host.apply(url))));
    all.add(
        part(
            "topLevelDomain" + ending,
            "The last label of the host.",
            url -> UrlText.topLevel(host.apply(url))));
    all.add(
        part(
            "firstSignificantSubdomain" + ending,
            "The label that was registered.",
            url -> UrlText.significant(host.apply(url))));
    all.add(
        part(
            "cutToFirstSignificantSubdomain" + ending,
            "The host from the registered label on.",
            url -> UrlText.fromSignificant(UrlText.withoutWww(host.apply(url)))));
    all.add(
        part(
            "cutToFirstSignificantSubdomainWithWWW" + ending,
            "As cutToFirstSignificantSubdomain, www. counting as any other label.",
            url -> UrlText.fromSignificant(host.apply(url))));
  }

  private static ScalarFunction part(String name, String doc, UnaryOperator<String> function) {
    return Declared.rows(
        name + "(url String)",
        doc,
        DataTypes.STRING,
        (v, row, to) ->
            RowBinding.appendBytes(function.apply(RowBinding.bytes(v.getFirst(), row)), to));
  }

  private interface Lists {
    List<String> of(String url);
  }

  private static ScalarFunction list(String name, String doc, Lists function) {
    return Declared.rows(
        name + "(url String)",
        doc,
        TEXTS,
        (v, row, to) -> {
          for (String text : function.of(RowBinding.bytes(v.getFirst(), row))) {
            RowBinding.appendBytes(text, to.child(0));
          }
          to.endList();
        });
  }

  private static String netloc(String url) {
    int start = UrlText.authority(url);
    String rest = url.substring(start);
    return start == 0 ? "" : rest.substring(0, UrlText.cut(rest, "/?#"));
  }

  private static String queryAndFragment(String url) {
    int at = UrlText.cut(url, "?#");
    return at == url.length()
        ? ""
        : url.charAt(at) == '?' ? url.substring(at + 1) : url.substring(at);
  }

  private static String withoutQuery(String url) {
    int at = url.indexOf('?');
    int hash = url.indexOf('#', Math.max(at, 0));
    return at < 0 ? url : url.substring(0, at) + (hash < 0 ? "" : url.substring(hash));
  }

  private static String withoutWww(String url) {
    int at = UrlText.authority(url);
    return at > 0 && url.startsWith("www.", at)
        ? url.substring(0, at) + url.substring(at + 4)
        : url;
  }

  private static ScalarFunction port(String name) {
    return Declared.rows(
        name + "(url String[, otherwise const Int])",
        "The port, or the other number, or 0, where the URL names none.",
        DataTypes.UINT16,
        (v, row, to) -> {
          String authority = netloc(RowBinding.bytes(v.getFirst(), row));
          int colon = authority.lastIndexOf(':');
          String digits = authority.substring(colon + 1);
          boolean named =
              colon >= 0
                  && digits.matches("[0-9]{1,5}")
                  && Integer.parseInt(digits) <= 0xFFFF
                  && Integer.parseInt(digits) > 0;
          to.appendLong(
              named ? Integer.parseInt(digits) : v.size() > 1 ? v.get(1).getLong(row) : 0);
        });
  }

  private static List<ScalarFunction> parameters() {
    return List.of(
        Declared.rows(
            "extractURLParameter(url String, name String)",
            "The value of a parameter; empty where it is missing.",
            DataTypes.STRING,
            (v, row, to) -> {
              String found = "";
              String wanted = RowBinding.bytes(v.get(1), row) + "=";
              for (String parameter : parameters(RowBinding.bytes(v.get(0), row))) {
                if (parameter.startsWith(wanted)) {
                  found = parameter.substring(wanted.length());
                  break;
                }
              }
              RowBinding.appendBytes(found, to);
            }),
        list(
            "extractURLParameters",
            "The parameters, name=value each.",
            url -> parameters(url).stream().filter(p -> p.indexOf('=') >= 0).toList()),
        list(
            "extractURLParameterNames",
            "The names of the parameters.",
            url ->
                parameters(url).stream()
                    .filter(p -> p.indexOf('=') >= 0)
                    .map(p -> p.substring(0, p.indexOf('=')))
                    .toList()),
        Declared.bound(
            "cutURLParameter(url String, names Any)",
            "The URL without a parameter, or without those of an array.",
            args -> {
              boolean many =
                  args.get(1).plain() instanceof DataType.Array array
                      && Arguments.isText(array.element());
              if (!many) {
                Arguments.requireText("cutURLParameter", args, 1);
              }
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    String url = RowBinding.text(v.get(0), row);
                    List<String> names =
                        many
                            ? RowBinding.texts(v.get(1), row)
                            : List.of(RowBinding.text(v.get(1), row));
                    for (String name : names) {
                      url = without(url, name);
                    }
                    RowBinding.append(url, to);
                  });
            }));
  }

  private static List<String> parameters(String url) {
    int at = UrlText.cut(url, "?#");
    return at == url.length() ? List.of() : List.of(url.substring(at + 1).split("[&#?;]"));
  }

  private static String without(String url, String name) {
    int query = UrlText.cut(url, "?#");
    for (int at = query; at >= 0 && at < url.length(); at = url.indexOf(name + "=", at + 1)) {
      if (at > query && "?&#".indexOf(url.charAt(at - 1)) >= 0 && url.startsWith(name + "=", at)) {
        int end = at + UrlText.cut(url.substring(at), "&#");
        boolean another = end < url.length() && url.charAt(end) == '&';
        boolean first = url.charAt(at - 1) != '&';
        return another
            ? url.substring(0, at) + url.substring(end + 1)
            : url.substring(0, first || end < url.length() ? at : at - 1) + url.substring(end);
      }
    }
    return url;
  }

  private static List<String> hierarchy(String url, int from, boolean withHost) {
    List<String> all = new ArrayList<>();
    if (url.isEmpty()) {
      return all;
    }
    int at = from;
    while (at < url.length()) {
      int next = at + UrlText.cut(url.substring(at), "/?#");
      if (next >= url.length()) {
        break;
      }
      int end = next + 1;
      while (withHost && all.isEmpty() && end < url.length() && url.charAt(end) == '/') {
        end++;
      }
      all.add(url.substring(0, end));
      at = end;
    }
    if (at < url.length() && (all.isEmpty() || !all.getLast().equals(url))) {
      all.add(url);
    }
    return all;
  }

  private static String encode(String bytes, boolean form) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
      char c = (char) (b & 255);
      boolean plain = c < 128 && Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else if (form && c == ' ') {
        out.append('+');
      } else {
        out.append('%')
            .append("0123456789ABCDEF".charAt(c >> 4))
            .append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return out.toString();
  }

  private static String decode(String text, boolean form) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        out.append((char) (high * 16 + low));
        i += 2;
      } else {
        out.append(form && c == '+' ? ' ' : c);
      }
    }
    return out.toString();
  }
}
