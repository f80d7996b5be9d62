// SPDX-License-Identifier: Apache-2.0
/// Our small face of ZooKeeper: members of the ensemble inside the server's process, and one client
/// with its session, its watches and its transactions. No other package sees ZooKeeper's classes.
package dev.varve.cluster.coordination;
