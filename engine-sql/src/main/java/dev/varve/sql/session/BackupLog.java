// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The latest BACKUPs and RESTOREs, for `system.backups`, and where they may be. Safe for threads;
/// a restart forgets them, the backups themselves stay.
final class BackupLog {
  private static final int CAPACITY = 1_000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private volatile UserFiles folders = UserFiles.ANYWHERE;

  /// One of them. Its own thread says how far it is.
  static final class Entry {
    private final String id;
    private final String name;
    private final String base;
    private final String query;
    private final boolean restores;
    private final long started = System.currentTimeMillis();
    private final AtomicLong done = new AtomicLong();
    private volatile long ended;
    private volatile long files;
    private volatile long bytes;
    private volatile String error = "";

    Entry(String id, String name, String base, String query, boolean restores) {
      this.id = id;
      this.name = name;
      this.base = base;
      this.query = query;
      this.restores = restores;
    }

    long startedMillis() {
      return started;
    }

    void passed(long more) {
      done.addAndGet(more);
    }

    /// @param allBytes of all its files, those of other backups included
    void holds(long allFiles, long allBytes) {
      files = allFiles;
      bytes = allBytes;
    }

    void end(String why) {
      error = why;
      ended = System.currentTimeMillis();
    }

    String status() {
      if (ended == 0) {
        return restores ? "RESTORING" : "CREATING_BACKUP";
      }
      if (error.isEmpty()) {
        return restores ? "RESTORED" : "BACKUP_CREATED";
      }
      return restores ? "RESTORE_FAILED" : "BACKUP_FAILED";
    }

    private List<Object> row() {
      return List.of(
          id,
          name,
          base,
          query,
          status(),
          error,
          moment(started),
          moment(ended),
          BigInteger.valueOf(files),
          BigInteger.valueOf(bytes),
          BigInteger.valueOf(done.get()));
    }

    private static LocalDateTime moment(long millis) {
      return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }
  }

  void plug(UserFiles allowed) {
    folders = allowed;
  }

  UserFiles folders() {
    return folders;
  }

  synchronized void add(Entry entry) {
    if (entries.size() == CAPACITY) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  private synchronized List<Entry> all() {
    return new ArrayList<>(entries);
  }

  Relation.Rows table() {
    return new Relation.Rows(
        "backups",
        List.of(
            ColumnDefinition.of("id", DataTypes.STRING),
            ColumnDefinition.of("name", DataTypes.STRING),
            ColumnDefinition.of("base_backup_name", DataTypes.STRING),
            ColumnDefinition.of("query_id", DataTypes.STRING),
            ColumnDefinition.of("status", DataTypes.STRING),
            ColumnDefinition.of("error", DataTypes.STRING),
            ColumnDefinition.of("start_time", DataTypes.DATETIME),
            ColumnDefinition.of("end_time", DataTypes.DATETIME),
            ColumnDefinition.of("num_files", DataTypes.UINT64),
            ColumnDefinition.of("total_size", DataTypes.UINT64),
            ColumnDefinition.of("bytes_done", DataTypes.UINT64)),
        () -> all().stream().map(Entry::row).toList());
  }
}
