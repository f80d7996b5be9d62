// SPDX-License-Identifier: Apache-2.0
/// One server of several: what the others ask of it, what it asks of the primary, and the tables
/// that show the cluster.
package dev.varve.server.cluster;
