// SPDX-License-Identifier: Apache-2.0
/// When merges run: a pool of threads that asks tables for work and backs off from failures.
package dev.varve.merge.schedule;
