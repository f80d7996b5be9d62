// SPDX-License-Identifier: Apache-2.0
/// How much clients may send, read and ask for: quotas of users and client ids, kept in a file, and
/// the rates that are held against them.
package dev.varve.ingest.wire.quota;
