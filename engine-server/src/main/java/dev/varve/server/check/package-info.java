// SPDX-License-Identifier: Apache-2.0
/// Reads every byte of a data directory that no server uses, and says what is damaged.
package dev.varve.server.check;
