// SPDX-License-Identifier: Apache-2.0
/// `varve sql`: the shell, over JDBC like any other client.
package dev.varve.server.shell;
