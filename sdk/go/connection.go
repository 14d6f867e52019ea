package pawl

import (
	"crypto/tls"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

const (
	// Calls of a client go round all servers that answer.
	balanceCalls = `{"loadBalancingConfig":[{"round_robin":{}}]}`
	// A worker's session takes one of them, and another one when that does not answer.
	pickOne = `{"loadBalancingConfig":[{"pick_first":{"shuffleAddressList":true}}]}`
)

const (
	receiveBytesMax = 16 << 20
	windowBytes     = 4 << 20
)

// connector opens connections to the servers of one address list.
type connector struct {
	addresses addresses
	options   connectionOptions
}

func newConnector(address string, options connectionOptions) (*connector, error) {
	parsed, err := parseAddresses(address)
	if err != nil {
		return nil, err
	}
	if parsed.isSecure && options.tls == nil {
		options.tls = &tls.Config{}
	}
	return &connector{addresses: parsed, options: options}, nil
}

// connect makes a connection that dials when it is first used.
func (c *connector) connect(serviceConfig string) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if c.options.tls != nil {
		transport = credentials.NewTLS(c.options.tls)
	}
	dialOptions := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithResolvers(resolverBuilder(c.addresses)),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDisableServiceConfig(),
		// Calls are repeated by this SDK, which knows what the server advises.
		grpc.WithDisableRetry(),
		grpc.WithUserAgent("pawl-sdk-go/" + Version),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second},
			MinConnectTimeout: 5 * time.Second,
		}),
		grpc.WithInitialWindowSize(windowBytes),
		grpc.WithInitialConnWindowSize(windowBytes),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(receiveBytesMax)),
	}
	if c.options.headers != nil {
		dialOptions = append(dialOptions, grpc.WithPerRPCCredentials(c.options.headers))
	}
	return grpc.NewClient(c.addresses.target(), append(dialOptions, c.options.dial...)...)
}
