// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.cluster.coordination.Outcome;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ReplicaPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A server of a [SimulatedCluster]: a process that comes and goes, over a disk that stays.
final class SimulatedServer implements SharedHead, Peers, ReplicaStore {
  /// What survives a crash.
  static final class Disk {
    ReplicaPosition position = ReplicaPosition.START;
    final List<Long> applied = new ArrayList<>();
    final Map<ReplicaPosition, ChangeRecord> kept = new HashMap<>();
    final Set<Long> parts = new HashSet<>();

    boolean holds(ReplicaPosition wanted) {
      ChangeRecord record = kept.get(wanted);
      return position.equals(wanted)
          || (record != null && record.follows(position) && parts.contains(value(record)));
    }

    long valueOf(ReplicaPosition wanted) {
      return value(kept.get(wanted));
    }

    long attemptOf(ReplicaPosition wanted) {
      return ByteBuffer.wrap(kept.get(wanted).change()).getLong(Long.BYTES);
    }
  }

  final int id;
  final Disk disk = new Disk();
  private final SimulatedCluster world;
  ReplicaNode node;
  long session;
  private int seen;
  private boolean up;
  private boolean busy;

  SimulatedServer(int id, SimulatedCluster world) {
    this.id = id;
    this.world = world;
  }

  private static long value(ChangeRecord record) {
    return ByteBuffer.wrap(record.change()).getLong();
  }

  void start() {
    node = new ReplicaNode(id, this, this, this);
    session = world.newSession();
    up = true;
  }

  boolean isUp() {
    return up;
  }

  boolean isBusy() {
    return busy;
  }

  /// Starts it if it is down, and gives it a session if it lost its own.
  void wake() {
    if (!up) {
      start();
    } else if (!world.isAlive(session)) {
      session = world.newSession();
      node.stepDown();
    }
  }

  /// Its session stays until ZooKeeper finds out.
  SimulatedCluster.Crash crash() {
    up = false;
    return new SimulatedCluster.Crash(this);
  }

  /// Runs one call of it, unless it runs one already; it may die in it.
  void act(Runnable call) {
    if (busy) {
      return;
    }
    boolean wakes = !up;
    busy = true;
    try {
      if (!wakes) {
        call.run();
      } else {
        wake();
      }
    } catch (SimulatedCluster.Crash crash) {
      if (crash.who != this) {
        throw crash;
      }
    } catch (VarveException unreachable) {
      assertThat(unreachable.code()).isEqualTo(ErrorCode.KEEPER_EXCEPTION);
    } finally {
      busy = false;
    }
  }

  // ---- ZooKeeper, as this server sees it

  @Override
  public SeenHead head() {
    world.meanwhile(this);
    if (!world.isAlive(session)) {
      throw new VarveException(ErrorCode.KEEPER_EXCEPTION, "the session ended");
    }
    seen = world.look(seen);
    return world.head(seen);
  }

  @Override
  public Outcome advance(SeenHead from, Head next) {
    world.meanwhile(this);
    return world.write(this, from, next, false);
  }

  @Override
  public Outcome takeOver(SeenHead from, Head next) {
    world.meanwhile(this);
    return world.write(this, from, next, true);
  }

  @Override
  public Outcome resign(SeenHead from) {
    world.meanwhile(this);
    return world.resign(this, from);
  }

  @Override
  public boolean hasPrimary() {
    return world.hasPrimary();
  }

  @Override
  public boolean isPrimary() {
    return world.isPrimary(session);
  }

  @Override
  public Set<Integer> replicas() {
    return world.ids();
  }

  @Override
  public Set<Integer> live() {
    return world.ids();
  }

  // ---- the others

  @Override
  public int offer(Set<Integer> to, ChangeRecord record, int needed) {
    int holders = 0;
    for (SimulatedServer peer : world.servers) {
      world.meanwhile(this);
      if (to.contains(peer.id) && world.reaches(this, peer)) {
        boolean[] holds = new boolean[1];
        peer.act(() -> holds[0] = peer.node.offered(id, record));
        if (holds[0] && !world.isLost()) {
          holders++;
        }
      }
    }
    return holders;
  }

  // ---- its disk

  @Override
  public ReplicaPosition position() {
    return disk.position;
  }

  @Override
  public boolean gather(ChangeRecord record, int from) {
    world.meanwhile(this);
    SimulatedServer source = world.servers.get(from - 1);
    if (source.disk.parts.contains(value(record)) && !world.isLost()) {
      disk.parts.add(value(record));
    }
    return disk.parts.contains(value(record));
  }

  @Override
  public void keep(ChangeRecord record) {
    world.meanwhile(this);
    disk.kept.put(record.position(), record);
  }

  @Override
  public Optional<ChangeRecord> kept(ReplicaPosition position) {
    return Optional.ofNullable(disk.kept.get(position));
  }

  @Override
  public void apply(ChangeRecord record, boolean isOwn) {
    world.meanwhile(this);
    assertThat(record.follows(disk.position)).as("applied in order").isTrue();
    assertThat(disk.parts).as("parts of an applied change").contains(value(record));
    disk.applied.add(value(record));
    disk.position = record.position();
    disk.kept.values().removeIf(old -> old.version() <= record.version());
  }

  @Override
  public boolean copy(int from) {
    world.meanwhile(this);
    SimulatedServer source = world.servers.get(from - 1);
    if (!world.reaches(this, source) || source.disk.position.version() <= disk.position.version()) {
      return false;
    }
    disk.applied.clear();
    disk.applied.addAll(source.disk.applied);
    disk.parts.addAll(source.disk.parts);
    disk.position = source.disk.position;
    return true;
  }
}
