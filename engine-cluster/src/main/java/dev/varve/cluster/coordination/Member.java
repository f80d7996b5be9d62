// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A server of the ensemble, as `--cluster` names it: `id=host:peer:election:client`, with
/// `:observer` behind it for one that has no vote.
///
/// @param id 1 to 255, never given to another server of the cluster
/// @param peerPort where followers hear the leader's proposals
/// @param electionPort where servers elect a leader
/// @param clientPort where sessions come in
public record Member(
    int id, String host, int peerPort, int electionPort, int clientPort, boolean observes) {
  private static final String SHAPE = "id=host:peer:election:client[:observer]";

  public Member {
    if (id < 1 || id > 255) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "the id of a server of --cluster is 1 to 255, found " + id);
    }
    for (int port : new int[] {peerPort, electionPort, clientPort}) {
      if (port < 1 || port > 65_535) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "a port of --cluster is 1 to 65535, found " + port);
      }
    }
  }

  /// The servers that `--cluster` lists, separated by commas.
  ///
  /// @throws VarveException BAD_ARGUMENTS with the place that does not fit
  public static List<Member> list(String text) {
    List<Member> members = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (String each : text.split(",")) {
      Member member = parse(each.strip());
      if (!ids.add(member.id())) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "--cluster names server " + member.id() + " twice");
      }
      members.add(member);
    }
    if (members.stream().allMatch(Member::observes)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "--cluster names observers only; somebody must have a vote");
    }
    return members;
  }

  private static Member parse(String text) {
    int equal = text.indexOf('=');
    String[] fields = text.substring(equal + 1).split(":");
    boolean observes = fields.length == 5 && fields[4].equals("observer");
    if (equal < 1 || (fields.length != 4 && !observes)) {
      throw wrong(text, null);
    }
    try {
      return new Member(
          Integer.parseInt(text.substring(0, equal)),
          fields[0],
          Integer.parseInt(fields[1]),
          Integer.parseInt(fields[2]),
          Integer.parseInt(fields[3]),
          observes);
    } catch (NumberFormatException e) {
      throw wrong(text, e);
    }
  }

  private static VarveException wrong(String text, Exception cause) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "--cluster: \"" + text + "\" does not read " + SHAPE + ", as 1=10.0.0.1:2888:3888:2181",
        cause);
  }

  /// Whether only this machine can reach it.
  boolean isOnLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException notYet) {
      return false;
    }
  }

  /// Where its sessions come in.
  String clientAddress() {
    return host + ":" + clientPort;
  }

  /// Its line in ZooKeeper's configuration.
  String line() {
    return peerLine() + ";" + host + ":" + clientPort;
  }

  /// The line without where sessions come in, which is said apart where they are encrypted.
  String peerLine() {
    return host + ":" + peerPort + ":" + electionPort + (observes ? ":observer" : ":participant");
  }
}
