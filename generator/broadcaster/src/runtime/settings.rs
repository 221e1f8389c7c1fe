//! The variables and secrets of the worker.

use std::cell::OnceCell;
use std::rc::Rc;

use worker::{Env, console_error};

use crate::auth::key::ApiKeys;
use crate::limits::Limits;

/// What the worker is configured with. A secret that is unset or empty is `None`.
pub struct Settings {
    /// The limits.
    pub limits: Limits,
    /// `ACCESS_TOKEN`: lets a helper broadcast.
    pub access_token: Option<String>,
    /// `BETTER_AUTH_SECRET`: signs session tokens, where there is no key set.
    pub auth_secret: Option<String>,
    /// `JWKS_URL`: where the keys are that sign session tokens.
    pub jwks_url: Option<String>,
    /// `JWT_ISSUER`.
    pub issuer: Option<String>,
    /// `JWT_AUDIENCE`.
    pub audience: Option<String>,
    /// `API_KEYS`.
    pub api_keys: Option<ApiKeys>,
    /// `AUTH_URL`: who is asked about other API keys.
    pub auth_url: Option<String>,
    /// `ALLOWED_ORIGINS`, split at commas: the pages that may connect.
    pub origins: Option<Vec<String>>,
}

thread_local! {
    /// The settings of this isolate, whose environment never changes.
    static SETTINGS: OnceCell<Option<Rc<Settings>>> = const { OnceCell::new() };
}

impl Settings {
    /// The settings; `None` where they cannot be read, which is logged once.
    pub fn of(env: &Env) -> Option<Rc<Self>> {
        SETTINGS.with(|settings| {
            let read = || match Self::read(env) {
                Ok(settings) => Some(Rc::new(settings)),
                Err(error) => {
                    console_error!("The worker is not configured: {error}");
                    None
                }
            };
            settings.get_or_init(read).clone()
        })
    }

    /// Reads the environment.
    ///
    /// # Errors
    /// What is wrong, without the value: nothing may run on settings that cannot be read.
    fn read(env: &Env) -> Result<Self, String> {
        let var = |name: &str| {
            let value = env.var(name).ok().map(|value| value.to_string());
            value
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let limits = Limits::read(var).map_err(|error| error.to_string())?;
        let api_keys = var("API_KEYS")
            .map(|json| ApiKeys::parse(&json))
            .transpose()?;
        let origins = var("ALLOWED_ORIGINS").map(|list| {
            list.split(',')
                .map(|origin| origin.trim().trim_end_matches('/').to_owned())
                .collect()
        });
        Ok(Self {
            limits,
            access_token: var("ACCESS_TOKEN"),
            auth_secret: var("BETTER_AUTH_SECRET"),
            jwks_url: var("JWKS_URL"),
            issuer: var("JWT_ISSUER"),
            audience: var("JWT_AUDIENCE"),
            api_keys,
            auth_url: var("AUTH_URL"),
            origins,
        })
    }

    /// Whether a page of this origin may connect. What sends no origin is no page.
    pub fn allows(&self, origin: Option<&str>) -> bool {
        match (&self.origins, origin) {
            (Some(origins), Some(origin)) => origins.iter().any(|allowed| allowed == origin),
            _ => true,
        }
    }
}
