// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a server of a cluster knows of the others and agrees on with them, as far as the log needs
/// it. Safe for threads.
public interface SharedTopics {
  /// A topic as it was read.
  ///
  /// @param version by which it is written again
  record Seen(TopicState state, int version) {}

  /// Where clients reach a server.
  ///
  /// @param encryptedPort of clients that encrypt, 0 where there is none
  record Server(int id, String host, int port, int encryptedPort) {}

  /// This server.
  int self();

  /// The same for all servers.
  ///
  /// @throws dev.varve.storage.error.VarveException KEEPER_EXCEPTION without a quorum, as for all
  ///   others
  String clusterId();

  /// Says where clients reach this server, in each session anew.
  void announce(Server own);

  /// Servers that may keep copies, in an order that is the same everywhere.
  List<Integer> members();

  /// Servers that are there.
  Set<Integer> live();

  /// Servers that are there and take clients.
  List<Server> servers();

  /// Who leads the catalog of tables, -1 if nobody does.
  int primary();

  /// Whether this server may write to tables.
  boolean isPrimary();

  /// All topics, by their keys.
  ///
  /// @param newest whether to ask the ensemble's leader: what is read is not older than the call
  Map<String, Seen> topics(boolean newest);

  /// Makes a topic; false where there is one of its key, or where it is not known.
  boolean create(TopicState state);

  /// Writes a topic that was read in a version; false where it is another one now, or where it is
  /// not known whether it was written.
  boolean put(TopicState next, int version);

  /// Removes a topic.
  void delete(TopicState state);

  /// Has another server answer a request of Kafka's protocol.
  ///
  /// @param request header and body
  /// @return the answer with its length in front
  byte[] ask(int server, byte[] request) throws IOException;

  /// Runs whenever something may have changed. Must not block.
  void onChange(Runnable hears);
}
