package main

import (
	"context"

	"github.com/spf13/pflag"
	core "k8s.io/api/core/v1"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubescheme "k8s.io/client-go/kubernetes/scheme"
	cliflag "k8s.io/component-base/cli/flag"
	registration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metrics "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	configv1alpha1 "github.com/cert-manager/cert-manager/pkg/apis/config/cainjector/v1alpha1"

	config "github.com/cert-manager/cert-manager/internal/apis/config/cainjector"
	"github.com/cert-manager/cert-manager/internal/apis/config/cainjector/scheme"
	"github.com/cert-manager/cert-manager/pkg/cainjector/configfile"
	cmscheme "github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/scheme"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util"
	"github.com/cert-manager/cert-manager/pkg/util/feature"
)

func runCAInjector(ctx context.Context, args []string) error {
	options, err := cainjectorOptions(args)
	if err != nil {
		return err
	}
	ctrl.SetLogger(logs.FromContext(ctx))
	rest, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	all := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		kubescheme.AddToScheme, cmscheme.AddToScheme, extensions.AddToScheme, registration.AddToScheme,
	} {
		if err := add(all); err != nil {
			return err
		}
	}
	manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(rest, "cainjector"), ctrl.Options{
		Scheme: all,
		Cache:  cache.Options{ReaderFailOnMissingInformer: true},
		// Secrets are read one by one and not kept: the reconcilers rely on it.
		Client:  client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&core.Secret{}}}},
		Metrics: metrics.Options{BindAddress: "0"},
	})
	if err != nil {
		return err
	}
	injectable := options.EnableInjectableConfig
	err = cainjector.RegisterAllInjectors(ctx, manager, cainjector.SetupOptions{
		Namespace:                    options.Namespace,
		IgnoreNamespaces:             options.IgnoreNamespaces,
		EnableCertificatesDataSource: options.EnableDataSourceConfig.Certificates,
		EnabledReconcilersFor: map[string]bool{
			cainjector.MutatingWebhookConfigurationName:   injectable.MutatingWebhookConfigurations,
			cainjector.ValidatingWebhookConfigurationName: injectable.ValidatingWebhookConfigurations,
			cainjector.APIServiceName:                     injectable.APIServices,
			cainjector.CustomResourceDefinitionName:       injectable.CustomResourceDefinitions,
		},
	})
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}

func cainjectorOptions(args []string) (*config.CAInjectorConfiguration, error) {
	schemes, _, err := scheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	versioned, options := &configv1alpha1.CAInjectorConfiguration{}, &config.CAInjectorConfiguration{}
	schemes.Default(versioned)
	if err := schemes.Convert(versioned, options, nil); err != nil {
		return nil, err
	}
	flags := pflag.NewFlagSet("cainjector", pflag.ContinueOnError)
	file := flags.String("config", "", "")
	election := &options.LeaderElectionConfig
	flags.BoolVar(&election.Enabled, "leader-elect", election.Enabled, "")
	flags.StringVar(&election.Namespace, "leader-election-namespace", election.Namespace, "")
	flags.DurationVar(&election.LeaseDuration, "leader-election-lease-duration", election.LeaseDuration, "")
	flags.DurationVar(&election.RenewDeadline, "leader-election-renew-deadline", election.RenewDeadline, "")
	flags.DurationVar(&election.RetryPeriod, "leader-election-retry-period", election.RetryPeriod, "")
	flags.StringVar(&options.MetricsListenAddress, "metrics-listen-address", options.MetricsListenAddress, "")
	flags.Var(cliflag.NewMapStringBool(&options.FeatureGates), "feature-gates", "")
	logs.AddFlags(&options.Logging, flags)
	fromFile := configfile.New()
	load := func() { fromFile.Config.DeepCopyInto(options) }
	if err := parse(flags, args, file, fromFile, load); err != nil {
		return nil, err
	}
	if err := feature.DefaultMutableFeatureGate.SetFromMap(options.FeatureGates); err != nil {
		return nil, err
	}
	return options, logs.ValidateAndApply(&options.Logging)
}
