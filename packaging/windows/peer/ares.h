/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of c-ares that Wireshark 4.0 names: it asks name servers, and here none is ever asked.
 */

#ifndef ARES_H
#define ARES_H

#include <winsock2.h>

#include "ares_version.h"

#define ARES_SUCCESS 0
#define ARES_HAVE_ARES_LIBRARY_INIT 1
#define ARES_LIB_INIT_ALL 1

typedef struct ares_channeldata *ares_channel;
typedef void (*ares_host_callback)(void *data, int status, int timeouts, struct hostent *host);

struct ares_addr_port_node {
    struct ares_addr_port_node *next;
    int family;
    union {
        struct in_addr addr4;
        unsigned char addr6[16];
    } addr;
    int udp_port;
    int tcp_port;
};

const char *ares_version(int *version);
int ares_library_init(int flags);
void ares_library_cleanup(void);
int ares_init(ares_channel *channel);
void ares_destroy(ares_channel channel);
void ares_cancel(ares_channel channel);
int ares_set_servers_ports(ares_channel channel, struct ares_addr_port_node *servers);
void ares_gethostbyaddr(ares_channel channel, const void *address, int length, int family,
                        ares_host_callback callback, void *data);
void ares_gethostbyname(ares_channel channel, const char *name, int family,
                        ares_host_callback callback, void *data);
int ares_fds(ares_channel channel, fd_set *to_read, fd_set *to_write);
struct timeval *ares_timeout(ares_channel channel, struct timeval *longest,
                             struct timeval *timeout);
void ares_process(ares_channel channel, fd_set *to_read, fd_set *to_write);

#endif
