// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.partlog.ChangeRecord;
import dev.varve.cluster.partlog.ReplicaStore;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.ChangeCodec;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.ReplicaPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A server's catalog and parts. One thread at a time.
final class LocalReplica implements ReplicaStore {
  private final LocalCatalog own;
  private final KeptChanges kept;
  private final ReplicaFiles files;
  private final HttpPeers peers;
  private final Consumer<CatalogChange> follow;
  private volatile String failure = "";

  /// @param follow commits a change of another server to `own` and shows it
  LocalReplica(
      LocalCatalog own,
      KeptChanges kept,
      ReplicaFiles files,
      HttpPeers peers,
      Consumer<CatalogChange> follow) {
    this.own = own;
    this.kept = kept;
    this.files = files;
    this.peers = peers;
    this.follow = follow;
  }

  @Override
  public ReplicaPosition position() {
    return own.state().position();
  }

  @Override
  public boolean gather(ChangeRecord record, int from) {
    return fetch(KeptChanges.change(record), from);
  }

  private boolean fetch(CatalogChange change, int from) {
    return change.operations().stream()
        .flatMap(operation -> KeptChanges.name(operation).stream())
        .allMatch(name -> fetch(name, from));
  }

  /// Brings a part or a file of deleted rows here, if it is not here just so.
  boolean fetch(String name, int from) {
    try {
      files.fetch(name, peers.source(from));
      failure = "";
      return true;
    } catch (IOException | VarveException failed) {
      failure = String.valueOf(failed.getMessage());
      return false;
    }
  }

  @Override
  public void keep(ChangeRecord record) {
    kept.keep(record);
  }

  @Override
  public Optional<ChangeRecord> kept(ReplicaPosition position) {
    return kept.find(position);
  }

  @Override
  public void apply(ChangeRecord record, boolean isOwn) {
    CatalogChange.Builder change = CatalogChange.builder();
    KeptChanges.change(record).operations().forEach(change::add);
    change.add(new Operation.PutPosition(record.position()));
    if (isOwn) {
      own.commit(change.build());
      kept.forgetUpTo(record.version()); // who made what never held removes it
    } else {
      follow.accept(change.build());
      forgetUpTo(record.version());
    }
  }

  /// Parts of changes that never held go.
  private void forgetUpTo(long version) {
    Set<String> names = kept.forgetUpTo(version);
    for (Operation operation : own.state().asChange().operations()) {
      KeptChanges.name(operation).ifPresent(names::remove);
    }
    names.forEach(files::delete);
  }

  /// All of this server's catalog, for another one.
  byte[] state() {
    return ChangeCodec.encode(shared(own.state()));
  }

  // What is damaged here is whole elsewhere.
  private static CatalogChange shared(CatalogState state) {
    CatalogChange.Builder shared = CatalogChange.builder();
    for (Operation operation : state.asChange().operations()) {
      if (!(operation instanceof Operation.QuarantinePart)) {
        shared.add(operation);
      }
    }
    return shared.build();
  }

  @Override
  public boolean copy(int from) {
    CatalogChange theirs;
    try {
      theirs = ChangeCodec.decode(ByteBuffer.wrap(peers.state(from)));
    } catch (IOException away) {
      failure = String.valueOf(away.getMessage());
      return false;
    }
    CatalogState before = own.state();
    ReplicaPosition there = CatalogState.empty().apply(theirs).position();
    if (there.version() <= before.position().version() || !fetch(theirs, from)) {
      return false;
    }
    CatalogChange.Builder change = CatalogChange.builder();
    before.tables().keySet().forEach(table -> change.add(new Operation.DropTable(table)));
    before.databases().forEach(name -> change.add(new Operation.DropDatabase(name)));
    theirs.operations().forEach(change::add);
    follow.accept(change.build());
    forgetUpTo(there.version());
    return true;
  }

  /// Why parts could not be fetched the last time; empty if they could.
  String failure() {
    return failure;
  }
}
