/* registration.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/registration.h"

#include "common/hash.h"
#include "readers/ras.h"

#include <epan/to_str.h>

/* Where an endpoint's RAS comes from, which is the key that its registration is found by. */
typedef struct {
    address addr;
    uint16_t port;
} endpoint_t;

/* Both in file scope, for as long as a file is open. */
static wmem_map_t *latest; /* endpoint_t -> registration_t */
static wmem_map_t *told;   /* step_t -> registration_told_t */

static uint32_t count; /* of registrations */

static unsigned
endpoint_hash(const void *key)
{
    const endpoint_t *endpoint = key;

    return hash_address(&endpoint->addr, endpoint->port);
}

static gboolean
endpoint_equal(const void *a, const void *b)
{
    const endpoint_t *one = a;
    const endpoint_t *other = b;

    return one->port == other->port && addresses_equal(&one->addr, &other->addr);
}

static void
begin_file(void)
{
    count = 0;
}

void
registration_register(void)
{
    register_init_routine(begin_file);
    latest =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), endpoint_hash, endpoint_equal);
    told =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

static registration_t *
registration_new(const packet_info *pinfo)
{
    endpoint_t *key = wmem_new0(wmem_file_scope(), endpoint_t);
    registration_t *registration = wmem_new0(wmem_file_scope(), registration_t);

    copy_address_wmem(wmem_file_scope(), &key->addr, &pinfo->src);
    key->port = (uint16_t)pinfo->srcport;
    registration->number = ++count;
    registration->endpoint = key->addr;
    registration->endpoint_port = key->port;
    registration->start = (moment_t){.frame = pinfo->num, .at = pinfo->abs_ts};
    wmem_map_insert(latest, key, registration);
    return registration;
}

static registration_t *
latest_of(const address *addr, uint32_t port)
{
    const endpoint_t key = {.addr = *addr, .port = (uint16_t)port};

    return wmem_map_lookup(latest, &key);
}

static bool
is_at_another(const registration_t *registration, const packet_info *pinfo)
{
    return registration->requests && !addresses_equal(&registration->gatekeeper, &pinfo->dst);
}

/* What an endpoint asks about: what is over is begun anew, at another gatekeeper too. */
static registration_t *
registration_asked(const packet_info *pinfo, bool is_registration)
{
    registration_t *registration = latest_of(&pinfo->src, pinfo->srcport);

    if (!registration || registration->state == REGISTRATION_UNREGISTERED ||
        (is_registration && is_at_another(registration, pinfo)))
        return registration_new(pinfo);
    return registration;
}

static void
learn(const char **known, const char *text)
{
    if (text && !*known)
        *known = wmem_strdup(wmem_file_scope(), text);
}

static void
learn_gatekeeper(registration_t *registration, const address *addr, uint32_t port)
{
    if (addresses_equal(&registration->gatekeeper, addr))
        return;
    copy_address_wmem(wmem_file_scope(), &registration->gatekeeper, addr);
    registration->gatekeeper_port = (uint16_t)port;
}

static void
learn_names(registration_t *registration, const message_t *message)
{
    learn(&registration->alias,
          message->source_alias ? message->source_alias : message->source_place);
    learn(&registration->product, message->product);
    learn(&registration->gatekeeper_name, message->gatekeeper_name);
    learn(&registration->endpoint_name, message->endpoint_name);
}

static void
ask_registration(registration_t *registration, const packet_info *pinfo, const message_t *message)
{
    learn_gatekeeper(registration, &pinfo->dst, pinfo->destport);
    registration->waiting++;
    if (message->keeps_alive)
        registration->keep_alives++;
    else
        registration->requests++;
}

static void
end(registration_t *registration, const packet_info *pinfo, registration_state_t state)
{
    registration->state = state;
    registration->ended = (moment_t){.frame = pinfo->num, .at = pinfo->abs_ts};
}

/* One that a gatekeeper gives up is over, whatever the endpoint answers. */
static void
ask_unregistration(registration_told_t *says, const packet_info *pinfo, const message_t *message)
{
    registration_t *registration = says->registration;
    bool by_endpoint = addresses_equal(&pinfo->src, &registration->endpoint);

    registration->ended_by = by_endpoint ? BY_ENDPOINT : BY_GATEKEEPER;
    registration->reason = message->refusal;
    if (by_endpoint)
        return;
    end(registration, pinfo, REGISTRATION_UNREGISTERED);
    says->state = REGISTRATION_UNREGISTERED;
}

static void
confirm(registration_t *registration, const packet_info *pinfo, const message_t *message)
{
    learn_gatekeeper(registration, &pinfo->src, pinfo->srcport);
    registration->state = REGISTRATION_REGISTERED;
    registration->waiting = 0;
    registration->reason = NULL;
    registration->ended.frame = 0;
    if (!registration->registered.frame)
        registration->registered = (moment_t){.frame = pinfo->num, .at = pinfo->abs_ts};
    if (message->has_time_to_live)
        registration->time_to_live = message->time_to_live;
}

static void
refuse(registration_t *registration, const packet_info *pinfo, const message_t *message)
{
    registration->waiting = 0;
    registration->reason = message->refusal;
    end(registration, pinfo, REGISTRATION_REFUSED);
}

static void
answer_discovery(registration_t *registration, const packet_info *pinfo, const message_t *message)
{
    if (message->type == RAS_GCF) {
        registration->discovery = DISCOVERY_CONFIRMED;
        if (!registration->requests)
            learn_gatekeeper(registration, &pinfo->src, pinfo->srcport);
    } else if (registration->discovery != DISCOVERY_CONFIRMED) {
        registration->discovery = DISCOVERY_REJECTED;
        registration->discovery_refusal = message->refusal;
    }
}

/* The registration that a message is about; NULL: it is about none that is known. */
static registration_t *
registration_of(const step_t *request, const packet_info *pinfo, const message_t *message)
{
    const registration_told_t *asked = request ? registration_told(request) : NULL;
    registration_t *registration;

    switch (message->type) {
    case RAS_GRQ:
    case RAS_RRQ:
        return registration_asked(pinfo, message->type == RAS_RRQ);
    case RAS_URQ:
        registration = latest_of(&pinfo->src, pinfo->srcport);
        return registration ? registration : latest_of(&pinfo->dst, pinfo->destport);
    default:
        return asked ? asked->registration : NULL;
    }
}

static void
follow(registration_told_t *says, const packet_info *pinfo, const message_t *message)
{
    registration_t *registration = says->registration;

    switch (message->type) {
    case RAS_GRQ:
        if (registration->discovery == DISCOVERY_NOT_ASKED)
            registration->discovery = DISCOVERY_UNANSWERED;
        break;
    case RAS_GCF:
    case RAS_GRJ:
        answer_discovery(registration, pinfo, message);
        break;
    case RAS_RRQ:
        ask_registration(registration, pinfo, message);
        break;
    case RAS_RCF:
        confirm(registration, pinfo, message);
        says->state = REGISTRATION_REGISTERED;
        break;
    case RAS_RRJ:
        refuse(registration, pinfo, message);
        says->state = REGISTRATION_REFUSED;
        break;
    case RAS_URQ:
        ask_unregistration(says, pinfo, message);
        break;
    case RAS_UCF:
        end(registration, pinfo, REGISTRATION_UNREGISTERED);
        says->state = REGISTRATION_UNREGISTERED;
        break;
    default: /* URJ: nothing has changed */
        registration->ended_by = BY_NOBODY;
    }
}

void
registration_take_in(const step_t *step, const step_t *request, const packet_info *pinfo,
                     const message_t *message)
{
    registration_t *registration;
    registration_told_t *says;

    if (message->type > RAS_URJ)
        return;
    registration = registration_of(request, pinfo, message);
    if (!registration)
        return;
    says = wmem_new0(wmem_file_scope(), registration_told_t);
    says->registration = registration;
    learn_names(registration, message);
    follow(says, pinfo, message);
    wmem_map_insert(told, step, says);
}

void
registration_again(const step_t *step, const step_t *original)
{
    registration_told_t *says = wmem_map_lookup(told, original);

    if (says)
        wmem_map_insert(told, step, says);
}

const registration_told_t *
registration_told(const step_t *step)
{
    return step ? wmem_map_lookup(told, step) : NULL;
}

registration_state_t
registration_by_now(const registration_t *registration)
{
    if (registration->state)
        return registration->state;
    return registration->requests ? REGISTRATION_UNANSWERED : REGISTRATION_NOT_TOLD;
}

static const char *
discovered(discovery_t discovery)
{
    switch (discovery) {
    case DISCOVERY_CONFIRMED:
        return "A gatekeeper answered, and the endpoint did not register in this capture.";
    case DISCOVERY_REJECTED:
        return "The gatekeeper does not take this endpoint.";
    default:
        return "No gatekeeper answers in this capture: none is running, or it is not reached from "
               "there (multicast does not pass routers by itself).";
    }
}

static void
append_host(GString *text, const address *addr, const char *otherwise)
{
    char *host = address_to_str(NULL, addr);

    g_string_append(text, addr->type == AT_NONE ? otherwise : host);
    wmem_free(NULL, host);
}

static void
append_reason(GString *text, const char *reason)
{
    if (reason)
        g_string_append_printf(text, " (%s)", reason);
}

static void
append_registered(GString *text, const registration_t *registration)
{
    append_host(text, &registration->gatekeeper, "The gatekeeper");
    g_string_append(text, " has registered the endpoint");
    if (registration->time_to_live)
        g_string_append_printf(text, " for %u s at a time", registration->time_to_live);
    g_string_append_c(text, '.');
    if (registration->waiting)
        g_string_append_printf(text,
                               " It left the last %u request%s without an answer in this capture.",
                               registration->waiting, registration->waiting == 1 ? "" : "s");
}

char *
registration_explain(const registration_t *registration)
{
    GString *text = g_string_new(NULL);

    switch (registration_by_now(registration)) {
    case REGISTRATION_REGISTERED:
        append_registered(text, registration);
        break;
    case REGISTRATION_REFUSED:
        append_host(text, &registration->gatekeeper, "The gatekeeper");
        g_string_append(text, " refused to register the endpoint");
        append_reason(text, registration->reason);
        g_string_append(text, ". It cannot be called by its name, and may be refused calls.");
        break;
    case REGISTRATION_UNREGISTERED:
        if (registration->ended_by == BY_GATEKEEPER)
            append_host(text, &registration->gatekeeper, "The gatekeeper");
        else
            append_host(text, &registration->endpoint, "The endpoint");
        g_string_append(text, " has ended the registration");
        append_reason(text, registration->reason);
        g_string_append_c(text, '.');
        break;
    case REGISTRATION_UNANSWERED:
        append_host(text, &registration->gatekeeper, "The gatekeeper");
        g_string_append(text, " has not answered in this capture: no gatekeeper runs there, a "
                              "firewall drops UDP, or the capture has one direction only.");
        break;
    default:
        g_string_append(text, discovered(registration->discovery));
    }
    return g_string_free(text, FALSE);
}
