// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import dev.varve.storage.error.VarveException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a server has of its cluster: its own member of the ensemble, where it runs one, and a
/// session. Safe for threads.
public final class Cluster implements AutoCloseable {
  private final ClusterSettings settings;
  private final Optional<Ensemble> ensemble;
  private final Coordination coordination;

  private Cluster(
      ClusterSettings settings, Optional<Ensemble> ensemble, Coordination coordination) {
    this.settings = settings;
    this.ensemble = ensemble;
    this.coordination = coordination;
  }

  /// A znode under the name that `system.zookeeper` shows.
  ///
  /// @param parent path of the node above
  public record Entry(String parent, String name, Node node, int children) {}

  /// Starts the member of the ensemble that is in this process, if one is, and opens a session. It
  /// does not wait for a quorum: the first of three servers starts alone.
  ///
  /// @param data the data directory
  /// @param listener hears of the session and of changed nodes
  /// @throws VarveException NETWORK_ERROR where a port of `--cluster` is taken
  public static Cluster open(ClusterSettings settings, Path data, Coordination.Listener listener) {
    Optional<Ensemble> ensemble =
        settings.members().isEmpty()
            ? Optional.empty()
            : Optional.of(Ensemble.start(settings, data.resolve("zookeeper")));
    try {
      return new Cluster(settings, ensemble, Coordination.open(settings, listener));
    } catch (RuntimeException | Error failed) {
      ensemble.ifPresent(Ensemble::close);
      throw failed;
    }
  }

  public ClusterSettings settings() {
    return settings;
  }

  public Coordination coordination() {
    return coordination;
  }

  /// The id of the server behind a status, 0 for one of an outside ensemble.
  public int idOf(MemberStatus status) {
    return settings.members().stream()
        .filter(member -> member.clientAddress().equals(status.address()))
        .mapToInt(Member::id)
        .findFirst()
        .orElse(0);
  }

  /// The names below `/`, and all that is below Varve's own node. What others keep in an ensemble
  /// that is theirs too is not read.
  ///
  /// @throws VarveException KEEPER_EXCEPTION without a quorum
  public List<Entry> tree() {
    List<Entry> entries = new ArrayList<>();
    for (String name : coordination.children("/")) {
      add("/", name, entries, ("/" + name).equals(Coordination.ROOT));
    }
    return entries;
  }

  private void add(String parent, String name, List<Entry> entries, boolean deeper) {
    String path = parent.equals("/") ? "/" + name : parent + "/" + name;
    Optional<Node> node = coordination.read(path);
    if (node.isEmpty()) {
      return; // it went meanwhile
    }
    List<String> children = coordination.children(path);
    entries.add(new Entry(parent, name, node.get(), children.size()));
    if (deeper) {
      children.forEach(child -> add(path, child, entries, true));
    }
  }

  @Override
  public void close() {
    coordination.close();
    ensemble.ifPresent(Ensemble::close);
  }
}
