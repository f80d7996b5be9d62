// SPDX-License-Identifier: Apache-2.0
/// Backups: tables of one moment copied into a folder, checked, and brought back.
package dev.varve.merge.backup;
