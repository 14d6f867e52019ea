package pawl

import (
	"context"
	"iter"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// PublishVersion is what is published.
type PublishVersion struct {
	// RevisionID refuses (ABORTED) unless it is the present revision; empty: whatever it is.
	RevisionID string
	// Description is the version's.
	Description string
}

// PublishStateMachineVersion freezes the state machine as it is under the next number; a revision that has one keeps it.
// Start it as NAME:VERSION.
func (c *Client) PublishStateMachineVersion(ctx context.Context, stateMachine string, publish PublishVersion) (*StateMachine, error) {
	response, err := invoke(ctx, c.policy, c.stateMachines.PublishStateMachineVersion, &pawlv1.PublishStateMachineVersionRequest{
		StateMachine: stateMachine,
		RevisionId:   publish.RevisionID,
		Description:  publish.Description,
		RequestId:    uniqueID(),
	})
	if err != nil {
		return nil, err
	}
	return stateMachineOf(response.GetStateMachine()), nil
}

// ListStateMachineVersions gives all, newest first.
func (c *Client) ListStateMachineVersions(ctx context.Context, stateMachine string, options ...ListOption) iter.Seq2[*StateMachine, error] {
	return itemsOf(listOptionsOf(options), stateMachineOf, func(page *pawlv1.PageRequest) ([]*pawlv1.StateMachine, *pawlv1.PageInfo, error) {
		request := &pawlv1.ListStateMachineVersionsRequest{StateMachine: stateMachine, Page: page}
		response, err := invoke(ctx, c.policy, c.stateMachines.ListStateMachineVersions, request)
		return response.GetVersions(), response.GetPage(), err
	})
}

// DeleteStateMachineVersion removes a version; its number is not given again. ABORTED while an alias routes to it.
func (c *Client) DeleteStateMachineVersion(ctx context.Context, stateMachine string, version int64) error {
	request := &pawlv1.DeleteStateMachineVersionRequest{StateMachine: stateMachine, Version: version}
	_, err := invoke(ctx, c.policy, c.stateMachines.DeleteStateMachineVersion, request)
	return err
}

// StateMachineAlias is a name that routes starts to one or two versions of a state machine.
type StateMachineAlias struct {
	// StateMachine is its name.
	StateMachine string
	// Name is of letters, digits, _, - and .; not digits only.
	Name string
	// Description is free text.
	Description string
	// Routes are one or two; their weights make 100.
	Routes []StateMachineRoute
	// Etag refuses a put (ABORTED) unless the alias still has it; empty: whatever it is.
	Etag string
	// UpdateTime is when it was changed last.
	UpdateTime time.Time
}

// StateMachineRoute is a version and the share of the starts it gets.
type StateMachineRoute struct {
	// Version counts from 1.
	Version int64
	// Weight is in percent.
	Weight int
}

// PutStateMachineAlias creates the alias, or replaces it. Start it as STATE_MACHINE:NAME.
func (c *Client) PutStateMachineAlias(ctx context.Context, alias StateMachineAlias) (*StateMachineAlias, error) {
	message := &pawlv1.StateMachineAlias{
		StateMachine: alias.StateMachine,
		Name:         alias.Name,
		Description:  alias.Description,
		Etag:         alias.Etag,
	}
	for _, route := range alias.Routes {
		message.Routes = append(message.Routes, &pawlv1.StateMachineAlias_Route{Version: route.Version, Weight: int32(route.Weight)})
	}
	request := &pawlv1.PutStateMachineAliasRequest{Alias: message, RequestId: uniqueID()}
	response, err := invoke(ctx, c.policy, c.stateMachines.PutStateMachineAlias, request)
	if err != nil {
		return nil, err
	}
	return stateMachineAliasOf(response.GetAlias()), nil
}

// ListStateMachineAliases gives all, by name.
func (c *Client) ListStateMachineAliases(ctx context.Context, stateMachine string, options ...ListOption) iter.Seq2[*StateMachineAlias, error] {
	return itemsOf(listOptionsOf(options), stateMachineAliasOf, func(page *pawlv1.PageRequest) ([]*pawlv1.StateMachineAlias, *pawlv1.PageInfo, error) {
		request := &pawlv1.ListStateMachineAliasesRequest{StateMachine: stateMachine, Page: page}
		response, err := invoke(ctx, c.policy, c.stateMachines.ListStateMachineAliases, request)
		return response.GetAliases(), response.GetPage(), err
	})
}

// DeleteStateMachineAlias removes an alias, unless an etag is given that it no longer has.
func (c *Client) DeleteStateMachineAlias(ctx context.Context, stateMachine, alias, etag string) error {
	request := &pawlv1.DeleteStateMachineAliasRequest{StateMachine: stateMachine, Alias: alias, Etag: etag}
	_, err := invoke(ctx, c.policy, c.stateMachines.DeleteStateMachineAlias, request)
	return err
}

func stateMachineAliasOf(message *pawlv1.StateMachineAlias) *StateMachineAlias {
	alias := &StateMachineAlias{
		StateMachine: message.GetStateMachine(),
		Name:         message.GetName(),
		Description:  message.GetDescription(),
		Etag:         message.GetEtag(),
		UpdateTime:   timeOf(message.GetUpdateTime()),
	}
	for _, route := range message.GetRoutes() {
		alias.Routes = append(alias.Routes, StateMachineRoute{Version: route.GetVersion(), Weight: int(route.GetWeight())})
	}
	return alias
}
