// SPDX-License-Identifier: Apache-2.0
/// A running server: storage, SQL, the log and HTTP wired together.
package dev.varve.server.node;
