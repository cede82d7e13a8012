package RT::Extension::Absolve;

# Asks the local program `absolve` before a reply leaves, and holds the reply if it must not leave as it is.

use strict;
use warnings;
use utf8;

use IPC::Run ();
use JSON ();
use RT::Util 'safe_run_child';

our $VERSION = '0.1.0';

# The words of the callbacks, in the agent's language.
my %WORDS = (
    en => {
        held   => 'The reply was not sent: it has words in it that hurt more than they help.',
        write  => 'Better:',
        or     => 'or:',
        reason => 'To send it as it is, say why in “Reason”, below the message.',
        label  => 'Reason to send it as it is',
        failed => 'The reply was not sent: it could not be checked. Tell your administrator.',
    },
    fr => {
        held   => 'La réponse n’est pas partie : certains mots y font plus de mal que de bien.',
        write  => 'Mieux :',
        or     => 'ou :',
        reason => 'Pour l’envoyer telle quelle, dites pourquoi dans « Raison », sous le message.',
        label  => 'Raison de l’envoyer telle quelle',
        failed => 'La réponse n’est pas partie : elle n’a pas pu être vérifiée. Prévenez l’administrateur.',
    },
);

# Whether the update must wait. What the agent is to know then stands in @$results.
sub Hold {
    my ( $class, %args ) = @_;
    my $form = $args{ARGSRef};
    return 0 unless $class->IsReply($form);

    my $verdict = eval { $class->Ask( $class->Reply(%args) ) };
    return $class->HoldUnjudged( $args{results}, $@ ) unless $verdict;
    return 0 unless $verdict->{verdict} eq 'hold';

    $form->{AbsolveHeld} = 1;
    push @{ $args{results} }, $class->Explain($verdict);
    return 1;
}

# A comment stays in the house, and an empty message is not sent at all.
sub IsReply {
    my ( $class, $form ) = @_;
    return 0 unless ( $form->{UpdateType} || '' ) =~ /^(?:response|reply)$/;
    return ( $form->{UpdateContent} // '' ) =~ /\S/;
}

# The reply as `absolve gate` reads it.
sub Reply {
    my ( $class, %args ) = @_;
    my $form    = $args{ARGSRef};
    my $is_html = ( $form->{UpdateContentType} || '' ) eq 'text/html';
    my %reply   = (
        ( $is_html ? 'html' : 'text' ) => $form->{UpdateContent},
        context                        => 'outgoing',
        public                         => JSON::true,
        language                       => Language(),
        agent                          => CurrentUser()->Name,
    );

    # The subject that the ticket already had is the customer's.
    my $subject = $form->{UpdateSubject} // '';
    my $known   = $args{TicketObj} ? $args{TicketObj}->Subject // '' : '';
    $reply{subject} = $subject if $subject =~ /\S/ && $subject ne $known;

    my $reason = $form->{AbsolveReason} // '';
    $reply{override} = $reason if $reason =~ /\S/;
    return \%reply;
}

# Its verdict. Dies if there is none in time.
sub Ask {
    my ( $class, $reply ) = @_;
    my $command = RT->Config->Get('AbsolveCommand') || [ 'absolve', 'gate' ];
    my $seconds = RT->Config->Get('AbsolveTimeBox') || 3;
    my $input   = JSON->new->utf8->encode($reply);
    my ( $output, $errors ) = ( '', '' );

    safe_run_child {
        my $run = IPC::Run::start( $command, \$input, \$output, \$errors, IPC::Run::timeout($seconds) );
        my $is_done = eval { IPC::Run::finish($run); 1 };
        return if $is_done;
        my $why = $@;
        $run->kill_kill( grace => 1 );
        die $why =~ /timeout/ ? "no answer within $seconds seconds\n" : $why;
    };
    my $verdict = eval { JSON->new->utf8->decode($output) };
    die "no verdict" . ( $errors =~ /(\S.*)/ ? ": $1" : '' ) . "\n"
        unless ref $verdict eq 'HASH' && $verdict->{verdict};
    RT->Logger->error("Absolve could not judge a reply: $verdict->{failure}{message}") if $verdict->{failure};
    return $verdict;
}

# A helpdesk must not stand still because its checker does, unless its administrator wants so.
sub HoldUnjudged {
    my ( $class, $results, $why ) = @_;
    $why =~ s/^System Error: |(?: at \S+ line \d+)?\.?\n.*//gs;
    RT->Logger->error("Absolve could not judge a reply: $why");
    return 0 unless ( RT->Config->Get('AbsolveFail') || 'open' ) eq 'closed';
    push @$results, Words('failed');
    return 1;
}

# What the agent reads: a line on top, one for each finding that holds the reply, the way out.
sub Explain {
    my ( $class, $verdict ) = @_;
    return ( $verdict->{message} || Words('failed') ) unless @{ $verdict->{findings} };
    my @held = grep { $_->{decision} eq 'hold' } @{ $verdict->{findings} };
    return ( Words('held'), ( map { $class->Line($_) } @held ), Words('reason') );
}

sub Line {
    my ( $class, $finding ) = @_;
    my @better = map { $_->{text} } @{ $finding->{alternatives} };
    splice @better, 2 if @better > 2;
    my $advice = @better ? join( ' ', Words('write'), join( ' ' . Words('or') . ' ', @better ) ) : $finding->{instead};
    return "$finding->{message} $finding->{why} $advice";
}

sub Words {
    my $name = shift;
    return $WORDS{ Language() }{$name};
}

# The language that the agent reads RT in.
sub Language {
    my $tag = CurrentUser()->LanguageHandle->language_tag || 'en';
    return $tag =~ /^fr/i ? 'fr' : 'en';
}

sub CurrentUser {
    return $HTML::Mason::Commands::session{CurrentUser};
}

1;
