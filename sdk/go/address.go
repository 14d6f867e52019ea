package pawl

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/resolver"
)

const (
	addressScheme  = "pawl"
	defaultAddress = "localhost:7300"
	// Balancers ask again at every failure: names are looked up at most so often.
	resolveInterval = time.Second
)

// addresses are the servers that a client knows.
type addresses struct {
	hosts    []hostPort
	isSecure bool
}

type hostPort struct{ host, port string }

func (a hostPort) String() string { return net.JoinHostPort(a.host, a.port) }

// parseAddresses takes host:port, several of them between commas, each with or without http:// or https://.
func parseAddresses(text string) (addresses, error) {
	if text == "" {
		text = defaultAddress
	}
	parsed := addresses{}
	for index, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		rest, isSecure := strings.CutPrefix(part, "https://")
		if index > 0 && isSecure != parsed.isSecure {
			return addresses{}, refusal(codes.InvalidArgument, "addresses mix https:// and others: %s", text)
		}
		parsed.isSecure = isSecure
		rest, isPlain := strings.CutPrefix(rest, "http://")
		rest = strings.TrimSuffix(rest, "/")
		host, port, err := net.SplitHostPort(rest)
		switch {
		case err != nil && isSecure:
			host, port = strings.Trim(rest, "[]"), "443"
		case err != nil && isPlain:
			host, port = strings.Trim(rest, "[]"), "80"
		case err != nil || port == "":
			host = ""
		}
		if host == "" || strings.ContainsAny(host, "/?#") {
			return addresses{}, refusal(codes.InvalidArgument, "address %q is not host:port", part)
		}
		parsed.hosts = append(parsed.hosts, hostPort{host, port})
	}
	return parsed, nil
}

func (a addresses) target() string { return addressScheme + ":///" + a.hosts[0].String() }

// resolverBuilder makes gRPC's resolver of a list of names, which its own schemes do not take.
//
// Each address that a name leads to is an endpoint of its own, so that calls go round all servers behind one name;
// localhost is one endpoint, whose IPv4 and IPv6 addresses are alternatives.
type resolverBuilder addresses

// Scheme implements resolver.Builder.
func (b resolverBuilder) Scheme() string { return addressScheme }

// Build implements resolver.Builder.
func (b resolverBuilder) Build(_ resolver.Target, cc resolver.ClientConn, _ resolver.BuildOptions) (resolver.Resolver, error) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &addressResolver{hosts: b.hosts, cc: cc, cancel: cancel, again: make(chan struct{}, 1)}
	go r.run(ctx)
	return r, nil
}

type addressResolver struct {
	hosts  []hostPort
	cc     resolver.ClientConn
	cancel context.CancelFunc
	again  chan struct{}
}

// ResolveNow implements resolver.Resolver.
func (r *addressResolver) ResolveNow(resolver.ResolveNowOptions) {
	select {
	case r.again <- struct{}{}:
	default:
	}
}

// Close implements resolver.Resolver.
func (r *addressResolver) Close() { r.cancel() }

func (r *addressResolver) run(ctx context.Context) {
	for {
		endpoints, hasNames, err := r.resolve(ctx)
		again := r.again
		if len(endpoints) > 0 {
			// What the balancer says of the addresses shows in its calls.
			_ = r.cc.UpdateState(resolver.State{Endpoints: endpoints})
			if !hasNames {
				again = nil
			}
		} else {
			r.cc.ReportError(err)
			r.ResolveNow(resolver.ResolveNowOptions{})
		}
		if sleep(ctx, resolveInterval) != nil {
			return
		}
		select {
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

func (r *addressResolver) resolve(ctx context.Context) (endpoints []resolver.Endpoint, hasNames bool, failure error) {
	for _, server := range r.hosts {
		if _, err := netip.ParseAddr(server.host); err == nil {
			endpoints = append(endpoints, endpointOf(server, server.host))
			continue
		}
		hasNames = true
		found, err := net.DefaultResolver.LookupHost(ctx, server.host)
		if err != nil {
			failure = fmt.Errorf("no address found for %s: %w", server.host, err)
			continue
		}
		if server.host == "localhost" {
			endpoints = append(endpoints, endpointOf(server, found...))
			continue
		}
		for _, ip := range found {
			endpoints = append(endpoints, endpointOf(server, ip))
		}
	}
	return endpoints, hasNames, failure
}

func endpointOf(server hostPort, ips ...string) resolver.Endpoint {
	endpoint := resolver.Endpoint{}
	for _, ip := range ips {
		address := resolver.Address{Addr: net.JoinHostPort(ip, server.port), ServerName: server.String()}
		endpoint.Addresses = append(endpoint.Addresses, address)
	}
	return endpoint
}
