// SPDX-License-Identifier: Apache-2.0
/// A server's own copy of the shared catalog and its parts: what it keeps, what it fetches from the
/// others, and the catalog that an engine commits to.
package dev.varve.cluster.replica;
