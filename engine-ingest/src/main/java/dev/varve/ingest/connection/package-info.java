// SPDX-License-Identifier: Apache-2.0
/// Clients at their sockets: ports, connections, encryption, and the memory that requests may take.
package dev.varve.ingest.connection;
