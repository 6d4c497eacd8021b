/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A c-ares that cannot be set up: Wireshark goes without name servers then.
 */

#include "ares.h"

#define UNUSED __attribute__((unused))
#define FAILED 1

const char *
ares_version(UNUSED int *version)
{
    return "none";
}

int
ares_library_init(UNUSED int flags)
{
    return FAILED;
}

void
ares_library_cleanup(void)
{
}

int
ares_init(UNUSED ares_channel *channel)
{
    return FAILED;
}

void
ares_destroy(UNUSED ares_channel channel)
{
}

void
ares_cancel(UNUSED ares_channel channel)
{
}

int
ares_set_servers_ports(UNUSED ares_channel channel, UNUSED struct ares_addr_port_node *servers)
{
    return FAILED;
}

void
ares_gethostbyaddr(UNUSED ares_channel channel, UNUSED const void *address, UNUSED int length,
                   UNUSED int family, ares_host_callback callback, void *data)
{
    callback(data, FAILED, 0, NULL);
}

void
ares_gethostbyname(UNUSED ares_channel channel, UNUSED const char *name, UNUSED int family,
                   ares_host_callback callback, void *data)
{
    callback(data, FAILED, 0, NULL);
}

int
ares_fds(UNUSED ares_channel channel, UNUSED fd_set *to_read, UNUSED fd_set *to_write)
{
    return 0;
}

struct timeval *
ares_timeout(UNUSED ares_channel channel, struct timeval *longest, UNUSED struct timeval *timeout)
{
    return longest;
}

void
ares_process(UNUSED ares_channel channel, UNUSED fd_set *to_read, UNUSED fd_set *to_write)
{
}
