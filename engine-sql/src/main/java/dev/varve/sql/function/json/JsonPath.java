// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path such as `$.orders[0].price`, `$['a'][*]` or `$.list[1 to 3]`.
record JsonPath(List<Step> steps) {
  private static final Pattern STEP =
      Pattern.compile(
          "\\s*(?:\\.\\s*(?:(\\*)|\"([^\"]*)\"|([\\w-]+))|\\[\\s*(?:'([^']*)'|\"([^\"]*)\"|(\\*)"
              + "|([0-9]+(?:\\s+to\\s+[0-9]+)?(?:\\s*,\\s*[0-9]+(?:\\s+to\\s+[0-9]+)?)*))\\s*\\])");

  private sealed interface Step {
    record Named(String name) implements Step {}

    record All() implements Step {}

    /// Items from, to behind the last, pairs one after another.
    record Items(List<int[]> ranges) implements Step {}
  }

  static JsonPath parse(String text) {
    String path = text.strip();
    if (!path.startsWith("$")) {
      throw bad(text);
    }
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    int at = 1;
    while (at < path.length()) {
      if (!matcher.region(at, path.length()).lookingAt()) {
        throw bad(text);
      }
      steps.add(step(matcher));
      at = matcher.end();
    }
    return new JsonPath(List.copyOf(steps));
  }

  private static VarveException bad(String text) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "\"" + text + "\" is not a JSON path; write one like $.name[0] or $['a name'][*]");
  }

  private static Step step(Matcher matcher) {
    if (matcher.group(1) != null || matcher.group(6) != null) {
      return new Step.All();
    }
    for (int group = 2; group <= 5; group++) {
      if (matcher.group(group) != null) {
        return new Step.Named(matcher.group(group));
      }
    }
    List<int[]> ranges = new ArrayList<>();
    for (String range : matcher.group(7).split(",")) {
      String[] ends = range.strip().split("\\s+to\\s+");
      int from = Integer.parseInt(ends[0]);
      ranges.add(new int[] {from, ends.length > 1 ? Integer.parseInt(ends[1]) : from + 1});
    }
    return new Step.Items(ranges);
  }

  /// All values that the path leads to, in order.
  List<Json> find(Json root) {
    List<Json> found = List.of(root);
    for (Step step : steps) {
      List<Json> next = new ArrayList<>();
      for (Json value : found) {
        follow(step, value, next);
      }
      found = next;
    }
    return found;
  }

  private static void follow(Step step, Json value, List<Json> to) {
    switch (step) {
      case Step.Named(String name) -> {
        Json member = value instanceof Json.Members members ? members.get(name, false) : null;
        if (member != null) {
          to.add(member);
        }
      }
      case Step.All _ -> {
        for (int i = 1; value instanceof Json.Items && i <= value.size(); i++) {
          to.add(value.at(i));
        }
      }
      case Step.Items(List<int[]> ranges) -> {
        for (int[] range : ranges) {
          for (int i = range[0]; value instanceof Json.Items && i < range[1]; i++) {
            if (value.at(i + 1L) != null) {
              to.add(value.at(i + 1L));
            }
          }
        }
      }
    }
  }
}
