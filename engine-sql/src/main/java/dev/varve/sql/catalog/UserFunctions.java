// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.StateFile;
import dev.varve.storage.file.StatePlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Functions that users made of expressions, by name, as they are kept in the file `functions` of
/// the data directory. Safe for threads; a change is durable when the method returns.
public final class UserFunctions {
  private final StateFile file;
  private volatile Map<String, String> lambdas;

  private UserFunctions(StateFile file, Map<String, String> lambdas) {
    this.file = file;
    this.lambdas = Map.copyOf(lambdas);
  }

  /// The functions of a data directory.
  public static UserFunctions open(Path directory) {
    return open(StatePlace.in(directory));
  }

  /// The same of the place where an engine keeps its small states.
  public static UserFunctions open(StatePlace place) {
    StateFile file = new StateFile(place, "functions", "VFUN", 1);
    return new UserFunctions(file, read(file));
  }

  /// Reads anew what another server may have changed.
  public synchronized void reload() {
    lambdas = Map.copyOf(read(file));
  }

  private static Map<String, String> read(StateFile file) {
    Map<String, String> known = new TreeMap<>();
    file.read().ifPresent(in -> read(in, known));
    return known;
  }

  private static void read(FieldReader in, Map<String, String> known) {
    for (int i = in.getCount(1); i > 0; i--) {
      String name = in.getText();
      known.put(name, in.getText());
    }
  }

  /// Text of the lambda that a name stands for.
  public Optional<String> find(String name) {
    return Optional.ofNullable(lambdas.get(name));
  }

  public Map<String, String> all() {
    return new TreeMap<>(lambdas);
  }

  public synchronized void put(String name, String lambda) {
    Map<String, String> changed = new TreeMap<>(lambdas);
    changed.put(name, lambda);
    write(changed);
  }

  /// @throws VarveException UNKNOWN_FUNCTION
  public synchronized void drop(String name) {
    Map<String, String> changed = new TreeMap<>(lambdas);
    if (changed.remove(name) == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_FUNCTION,
          "no function \""
              + name
              + "\" was made with CREATE FUNCTION"
              + NearNames.suggest(name, lambdas.keySet()));
    }
    write(changed);
  }

  private void write(Map<String, String> changed) {
    FieldWriter out = file.begin();
    out.putInt(changed.size());
    changed.forEach((name, lambda) -> {
      out.putText(name);
      out.putText(lambda);
    });
    file.write(out);
    lambdas = Map.copyOf(changed);
  }
}
