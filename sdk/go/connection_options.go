package pawl

import (
	"context"
	"crypto/tls"

	"google.golang.org/grpc"
)

// ClientOption says how a [Client] connects and calls.
type ClientOption interface{ applyClient(*clientOptions) }

// WorkerOption says how a [Worker] connects and works.
type WorkerOption interface{ applyWorker(*workerOptions) }

// ConnectionOption says how a client or a worker connects.
type ConnectionOption interface {
	ClientOption
	WorkerOption
}

// WithTLS speaks TLS; a nil config trusts the system's certificate authorities. An address with https:// does so, too.
func WithTLS(config *tls.Config) ConnectionOption {
	if config == nil {
		config = &tls.Config{}
	}
	return connectionOption(func(options *connectionOptions) { options.tls = config })
}

// WithHeaders sends these with every call, for example an authorization.
func WithHeaders(headers map[string]string) ConnectionOption {
	return WithHeaderFunc(func(context.Context) (map[string]string, error) { return headers, nil })
}

// WithHeaderFunc asks for the headers of each call: for tokens that are renewed.
func WithHeaderFunc(headers func(ctx context.Context) (map[string]string, error)) ConnectionOption {
	return connectionOption(func(options *connectionOptions) { options.headers = headers })
}

// WithDialOptions hands further options to gRPC: interceptors, stats handlers, a dialer.
func WithDialOptions(dialOptions ...grpc.DialOption) ConnectionOption {
	return connectionOption(func(options *connectionOptions) { options.dial = append(options.dial, dialOptions...) })
}

type connectionOptions struct {
	tls     *tls.Config
	headers callHeaders
	dial    []grpc.DialOption
}

type connectionOption func(*connectionOptions)

func (o connectionOption) applyClient(options *clientOptions) { o(&options.connection) }
func (o connectionOption) applyWorker(options *workerOptions) { o(&options.connection) }

// callHeaders are gRPC's credentials of a call, which it also takes without TLS.
type callHeaders func(ctx context.Context) (map[string]string, error)

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (h callHeaders) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	return h(ctx)
}

// RequireTransportSecurity implements credentials.PerRPCCredentials.
func (h callHeaders) RequireTransportSecurity() bool { return false }
