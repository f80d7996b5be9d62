// SPDX-License-Identifier: Apache-2.0
/// The catalog that all servers of a cluster share, as a state machine: changes in one order, each
/// on a majority of the servers before the head in ZooKeeper names it.
package dev.varve.cluster.partlog;
