// SPDX-License-Identifier: Apache-2.0
/// Rows of small INSERTs that no part holds yet: made durable by one sync for all that wait, and
/// read again after a crash.
package dev.varve.storage.journal;
