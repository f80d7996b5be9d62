// SPDX-License-Identifier: Apache-2.0
/// Peers that are no JDBC driver, where they are installed.
package dev.varve.bench.peer;
