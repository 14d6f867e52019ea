// Package pawltest starts a Pawl server for tests: pawl dev, on a free port, with a database that is thrown away.
package pawltest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 10 * time.Second
	logLinesMax  = 50
)

// Server is a pawl dev of a test's own.
type Server struct {
	// Address is what clients and workers take: host:port.
	Address string

	process *exec.Cmd
	log     *tail
	exited  chan struct{}
}

// Option says how the server is started.
type Option func(*options)

// WithCommand names the program and its first arguments; default the words of the environment variable PAWL_COMMAND,
// else pawl on the PATH.
func WithCommand(command ...string) Option {
	return func(chosen *options) { chosen.command = command }
}

// WithEnv adds NAME=value to the server's environment.
func WithEnv(variables ...string) Option {
	return func(chosen *options) { chosen.env = append(chosen.env, variables...) }
}

type options struct {
	command []string
	env     []string
}

// NewServer starts a server that is stopped when the test is over. It ends the test when that fails.
func NewServer(tb testing.TB, opts ...Option) *Server {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	server, err := Start(ctx, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return server
}

// Start starts a server and returns once it answers calls. Stop it after use; ctx bounds the start only.
func Start(ctx context.Context, opts ...Option) (*Server, error) {
	command, env, err := commandOf(opts)
	if err != nil {
		return nil, err
	}
	process := exec.Command(command[0], append(command[1:], "dev", "--ephemeral", "--port", "0", "--json")...)
	process.Env = append(os.Environ(), env...)
	log := &tail{}
	process.Stderr = log
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("%s can not be started: %w", command[0], err)
	}
	server := &Server{process: process, log: log, exited: make(chan struct{})}
	ready := make(chan string, 1)
	go func() {
		defer close(server.exited)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			select {
			case ready <- lines.Text():
			default:
			}
		}
		_ = process.Wait() // Stop looks at the state
	}()
	if err := server.await(ctx, ready); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

func (s *Server) await(ctx context.Context, ready <-chan string) error {
	var line string
	select {
	case line = <-ready:
	case <-s.exited:
		return fmt.Errorf("pawl dev ended before it was ready:\n%s", s.log)
	case <-ctx.Done():
		return fmt.Errorf("pawl dev is not ready: %w\n%s", ctx.Err(), s.log)
	}
	var told struct{ URL string }
	if err := json.Unmarshal([]byte(line), &told); err != nil {
		return fmt.Errorf("pawl dev said %q, which is not where it is: %w", line, err)
	}
	where, err := url.Parse(told.URL)
	if err != nil {
		return fmt.Errorf("pawl dev is at %q, which is no address: %w", told.URL, err)
	}
	s.Address = where.Host
	client, err := pawl.NewClient(s.Address)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	if _, err := client.GetServerInfo(ctx); err != nil {
		return fmt.Errorf("pawl dev at %s does not answer: %w\n%s", s.Address, err, s.log)
	}
	return nil
}

// Stop ends the server and its database. Once is enough.
func (s *Server) Stop() error {
	select {
	case <-s.exited:
		return nil
	default:
	}
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopTimeout):
	}
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.exited
	return fmt.Errorf("pawl dev did not end within %s", stopTimeout)
}

func commandOf(opts []Option) (command, env []string, err error) {
	chosen := options{command: strings.Fields(os.Getenv("PAWL_COMMAND"))}
	for _, option := range opts {
		option(&chosen)
	}
	if len(chosen.command) > 0 {
		return chosen.command, chosen.env, nil
	}
	found, err := exec.LookPath("pawl")
	if err != nil {
		return nil, nil, errors.New("pawl is not on the PATH: install it (npm install -g pawl), or name it by PAWL_COMMAND or pawltest.WithCommand")
	}
	return []string{found}, chosen.env, nil
}
